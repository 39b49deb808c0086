using System.Text.Json;

namespace AiRudder.Dashboard.Webhooks.Wire;

/// <summary>Why a body, or one element of it, could not be understood.</summary>
public sealed class UnreadableBodyException(string reason, long? position = null, string? field = null) : Exception(reason)
{
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
/// <param name="Json">The element's bytes; valid until the next element is asked for.</param>
public readonly record struct BodyElement(int Ordinal, long Position, ReadOnlyMemory<byte> Json);

/// <summary>
/// Reads a call body from a stream element by element, so that memory depends on the largest element and not on the body.
/// Nesting costs a bit per level and no stack.
/// </summary>
public sealed class BodyScan(Stream utf8)
{
    /// <summary>Bytes. A ten-minute transcript takes about 30 KB.</summary>
    private const int LargestElement = 32 * 1024 * 1024;

    private static readonly JsonReaderOptions Options = new() { MaxDepth = 1_000_000 };

    private byte[] buffer = new byte[64 * 1024];
    private int start;
    private int end;
    private bool final;
    private long consumed;
    private JsonReaderState state = new(Options);
    private Place place = Place.BeforeRoot;
    private string fieldName = "";

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
                    case Piece.Field:
                        names.Add(fieldName);
                        writer.WritePropertyName(fieldName);
                        writer.WriteRawValue(buffer.AsSpan(from, length), skipInputValidation: true);
                        break;
                    case Piece.Element:
                        if (onElement is not null)
                        {
                            await onElement(new BodyElement(elements, consumed - length, buffer.AsMemory(from, length)));
                        }

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
                    throw new UnreadableBodyException("Something follows the end of the JSON.", consumed + reader.TokenStartIndex);
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
        from = length = 0;
        if (!reader.TrySkip())
        {
            return Piece.NeedMore;
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

        if (end == buffer.Length)
        {
            if (buffer.Length >= LargestElement)
            {
                throw new UnreadableBodyException($"One value is larger than {LargestElement / 1024 / 1024} MB.", consumed);
            }

            Array.Resize(ref buffer, buffer.Length * 2);
        }

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
        return quote < 0 ? "Not JSON: " + sentence : "Not JSON: a character stands where it must not.";
    }
}
