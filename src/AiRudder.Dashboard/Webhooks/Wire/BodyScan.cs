using System.Text.Json;
using AiRudder.Dashboard.Languages;

namespace AiRudder.Dashboard.Webhooks.Wire;

/// <summary>Why a body, or one element of it, could not be understood.</summary>
public sealed class UnreadableBodyException(string reason, long? position = null, string? field = null) : Exception(reason)
{
    internal static readonly string LargeEnvelope = Noted("The fields beside details are larger than {0} MB.");
    internal static readonly string CrowdedEnvelope = Noted("A field beside details has more than {0:N0} parts.");
    internal static readonly string ManyElements = Noted("There are more than {0:N0} elements in details.");
    internal static readonly string LargeValue = Noted("One value is larger than {0} MB.");
    internal static readonly string NotJson = Noted("Not JSON: {0}");

    /// <summary>Reasons with values.</summary>
    public static readonly IReadOnlyList<string> Sentences = [LargeEnvelope, CrowdedEnvelope, ManyElements, LargeValue, NotJson];

    /// <summary>Byte position in the decoded body.</summary>
    public long? Position { get; } = position;

    public string? Field { get; } = field;
}

/// <summary>What a body consists of beside its elements.</summary>
/// <param name="Envelope">The top-level fields without <c>details</c>, as a JSON object in UTF-8; null when the root is no object.</param>
/// <param name="FieldNames">Names of all top-level fields.</param>
/// <param name="HasDetails"><c>details</c> is there and is an array.</param>
/// <param name="Elements">Length of that array.</param>
/// <param name="Root">What the root is.</param>
public sealed record BodyShape(byte[]? Envelope, IReadOnlySet<string> FieldNames, bool HasDetails, int Elements, JsonTokenType Root);

/// <summary>One element of <c>details</c>.</summary>
/// <param name="Ordinal">From 0.</param>
/// <param name="Position">Byte position in the decoded body.</param>
/// <param name="Json">The element's bytes; valid until the next element is asked for. Empty when it is too large to be held.</param>
public readonly record struct BodyElement(int Ordinal, long Position, ReadOnlyMemory<byte> Json)
{
    /// <summary>It consists of so many parts that it is not to be read, see <see cref="BodyScan.MostParts"/>.</summary>
    public bool IsCrowded { get; init; }
}

/// <summary>
/// Reads a call body from a stream element by element, so that memory depends on the largest element and not on the body.
/// Nesting costs a bit per level and no stack.
/// </summary>
public sealed class BodyScan(Stream utf8)
{
    /// <summary>Bytes. A ten-minute transcript takes about 30 KB; read as a tree, sixteen megabytes of nothing but brackets take two hundred.</summary>
    public const int LargestElement = 16 * 1024 * 1024;

    /// <summary>Bytes of all top-level fields together.</summary>
    public const int LargestEnvelope = 8 * 1024 * 1024;

    /// <summary>Twenty times the largest list that the vendor takes in one upload.</summary>
    public const int MostElements = 200_000;

    /// <summary>
    /// Names, values and brackets of one element, or of one top-level field. Each takes room of its own when the element is read as a tree,
    /// thirty times what it takes in the body; an hour of conversation has some twenty thousand.
    /// </summary>
    public const int MostParts = 500_000;

    private static readonly JsonReaderOptions Options = new() { MaxDepth = 1_000_000 };

    private byte[] buffer = new byte[64 * 1024];
    private long skipped;
    private int start;
    private int end;
    private bool final;
    private long consumed;
    private JsonReaderState state = new(Options);
    private Place place = Place.BeforeRoot;
    private string fieldName = "";
    private int parts;

    private enum Place
    {
        BeforeRoot,
        InRoot,
        InDetails,
        AfterRoot,
        Done,
    }

    private enum Piece
    {
        NeedMore,
        Structure,
        Field,
        Element,
    }

    /// <summary>Reads to the end. <paramref name="onElement"/> sees every element of <c>details</c> in order.</summary>
    /// <exception cref="UnreadableBodyException">The body is not JSON; says where.</exception>
    public async Task<BodyShape> ReadAsync(Func<BodyElement, ValueTask>? onElement, CancellationToken cancel)
    {
        var envelope = new MemoryStream();
        var names = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        var elements = 0;
        using (var writer = new Utf8JsonWriter(envelope, new JsonWriterOptions { SkipValidation = true, Encoder = WireJson.Readable.Encoder }))
        {
            writer.WriteStartObject();
            while (place != Place.Done)
            {
                switch (Step(out var from, out var length))
                {
                    case Piece.NeedMore:
                        await FillAsync(cancel);
                        break;
                    case Piece.Field when envelope.Length + writer.BytesPending + length > LargestEnvelope:
                        throw new UnreadableBodyException(KeptSentences.Write(UnreadableBodyException.LargeEnvelope, LargestEnvelope / 1024 / 1024), consumed);
                    case Piece.Field when parts > MostParts:
                        throw new UnreadableBodyException(KeptSentences.Write(UnreadableBodyException.CrowdedEnvelope, MostParts), consumed, fieldName);
                    case Piece.Field:
                        names.Add(fieldName);
                        writer.WritePropertyName(fieldName);
                        writer.WriteRawValue(buffer.AsSpan(from, length), skipInputValidation: true);
                        break;
                    case Piece.Element when elements == MostElements:
                        throw new UnreadableBodyException(KeptSentences.Write(UnreadableBodyException.ManyElements, MostElements), consumed, "details");
                    case Piece.Element:
                        if (onElement is not null)
                        {
                            await onElement(new BodyElement(elements, consumed - length - skipped, skipped > 0 ? default : buffer.AsMemory(from, length)) { IsCrowded = parts > MostParts });
                        }

                        skipped = 0;
                        elements++;
                        break;
                }
            }

            writer.WriteEndObject();
        }

        if (SawDetails)
        {
            names.Add("details");
        }

        return new BodyShape(Root == JsonTokenType.StartObject ? envelope.ToArray() : null, names, SawDetails, elements, Root);
    }

    private JsonTokenType Root { get; set; }

    private bool SawDetails { get; set; }

    /// <summary>One piece from what is in the buffer. Nothing is consumed when it answers <see cref="Piece.NeedMore"/>.</summary>
    private Piece Step(out int from, out int length)
    {
        from = length = 0;
        if (final && place == Place.BeforeRoot && buffer.AsSpan(start, end - start).IndexOfAnyExcept(" \t\r\n"u8) < 0)
        {
            place = Place.Done;
            return Piece.Structure;
        }

        var reader = new Utf8JsonReader(buffer.AsSpan(start, end - start), final, state);
        try
        {
            if (!reader.Read())
            {
                if (final)
                {
                    place = Place.Done;
                }

                return final ? Piece.Structure : Piece.NeedMore;
            }

            switch (place)
            {
                case Place.BeforeRoot:
                    if (reader.TokenType != JsonTokenType.StartObject && !reader.TrySkip())
                    {
                        return Piece.NeedMore;
                    }

                    // After a skip the token is the end of the array; what matters is that it was no object.
                    Root = reader.TokenType == JsonTokenType.EndArray ? JsonTokenType.StartArray : reader.TokenType;
                    return Commit(ref reader, Root == JsonTokenType.StartObject ? Place.InRoot : Place.AfterRoot);

                case Place.InRoot when reader.TokenType == JsonTokenType.EndObject:
                    return Commit(ref reader, Place.AfterRoot);

                case Place.InRoot:
                    fieldName = NameOf(ref reader);
                    if (!reader.Read())
                    {
                        return Piece.NeedMore;
                    }

                    if (reader.TokenType == JsonTokenType.StartArray && fieldName.Equals("details", StringComparison.OrdinalIgnoreCase))
                    {
                        SawDetails = true;
                        return Commit(ref reader, Place.InDetails);
                    }

                    return Take(ref reader, Piece.Field, out from, out length);

                case Place.InDetails when reader.TokenType == JsonTokenType.EndArray:
                    return Commit(ref reader, Place.InRoot);

                case Place.InDetails:
                    return Take(ref reader, Piece.Element, out from, out length);

                default:
                    throw new UnreadableBodyException(Noted("Something follows the end of the JSON."), consumed + reader.TokenStartIndex);
            }
        }
        catch (JsonException error)
        {
            throw new UnreadableBodyException(Describe(error), consumed + reader.BytesConsumed, place == Place.InRoot && fieldName.Length > 0 ? fieldName : null);
        }
    }

    private Piece Take(ref Utf8JsonReader reader, Piece piece, out int from, out int length)
    {
        var valueStart = (int)reader.TokenStartIndex;
        var depth = reader.CurrentDepth;
        from = length = 0;
        parts = 1;
        if (reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray)
        {
            do
            {
                if (!reader.Read())
                {
                    return Piece.NeedMore;
                }

                parts++;
            }
            while (reader.CurrentDepth > depth);
        }

        from = start + valueStart;
        length = (int)reader.BytesConsumed - valueStart;
        Commit(ref reader, place);
        return piece;
    }

    private Piece Commit(ref Utf8JsonReader reader, Place next)
    {
        state = reader.CurrentState;
        start += (int)reader.BytesConsumed;
        consumed += reader.BytesConsumed;
        place = next;
        return Piece.Structure;
    }

    private async Task FillAsync(CancellationToken cancel)
    {
        if (start > 0)
        {
            Buffer.BlockCopy(buffer, start, buffer, 0, end - start);
            end -= start;
            start = 0;
        }

        if (end == buffer.Length && buffer.Length < LargestElement)
        {
            Array.Resize(ref buffer, buffer.Length * 2);
        }
        else if (end == buffer.Length && place == Place.InDetails)
        {
            await SkipElementAsync(cancel);
        }
        else if (end == buffer.Length)
        {
            throw new UnreadableBodyException(KeptSentences.Write(UnreadableBodyException.LargeValue, LargestElement / 1024 / 1024), consumed);
        }

        await ReadOnAsync(cancel);
    }

    /// <summary>
    /// Goes past an element that is too large to be held, and leaves <c>null</c> in its place, so that its neighbours can be read. What
    /// is inside it is not looked at, but for where it ends.
    /// </summary>
    private async Task SkipElementAsync(CancellationToken cancel)
    {
        var from = buffer.AsSpan(0, end).IndexOfAnyExcept(" \t\r\n,"u8);
        if (from < 0)
        {
            // Nothing but blanks, with or without the comma before the next element.
            var comma = buffer.AsSpan(0, end).Contains((byte)',') ? 1 : 0;
            consumed += end - comma;
            buffer[0] = (byte)',';
            end = comma;
            return;
        }

        var extent = new ElementExtent();
        int length;
        while ((length = extent.Find(buffer.AsSpan(from, end - from))) < 0)
        {
            skipped += end - from;
            end = from;
            await ReadOnAsync(cancel);
            if (end == from)
            {
                throw new UnreadableBodyException(Noted("Not JSON: the body ends within a value."), consumed + skipped, "details");
            }
        }

        // The bytes of the word that stands for the element are counted when it is read.
        var word = "null"u8;
        skipped += length - word.Length;
        consumed += skipped;
        var rest = buffer.AsSpan(from + length, end - from - length);
        var shifted = from + word.Length;
        if (length < word.Length)
        {
            // The element's last bytes came alone; its beginning is gone, so there is room before them.
            var room = new byte[end - from - length];
            rest.CopyTo(room);
            Array.Resize(ref buffer, Math.Max(buffer.Length, shifted + room.Length));
            rest = room;
        }

        rest.CopyTo(buffer.AsSpan(shifted));
        end = shifted + rest.Length;
        word.CopyTo(buffer.AsSpan(from));
    }

    private async Task ReadOnAsync(CancellationToken cancel)
    {
        while (end < buffer.Length && !final)
        {
            var read = await utf8.ReadAsync(buffer.AsMemory(end), cancel);
            final = read == 0;
            end += read;
        }
    }

    private static string NameOf(ref Utf8JsonReader reader)
    {
        try
        {
            return reader.GetString()!;
        }
        catch (InvalidOperationException)
        {
            return "\ufffd";
        }
    }

    /// <summary>The parser's sentence without its position (ours counts from the start of the body) and without quoting the body.</summary>
    private static string Describe(JsonException error)
    {
        var sentence = error.Message.Split(" LineNumber:")[0];
        var quote = sentence.IndexOf('\'', StringComparison.Ordinal);
        return quote < 0 ? KeptSentences.Write(UnreadableBodyException.NotJson, sentence) : Noted("Not JSON: a character stands where it must not.");
    }
}
