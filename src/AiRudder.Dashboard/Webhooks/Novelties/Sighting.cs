using System.Text;
using System.Text.Json;

namespace AiRudder.Dashboard.Webhooks.Novelties;

/// <summary>
/// What is new in one delivery. Walks each element's bytes once; what is known costs a look-up and no memory. Whatever the body
/// holds, it never throws.
/// </summary>
public sealed class Sighting(Delivery delivery)
{
    /// <summary>Different novelties told of one delivery; a hostile one holds any number.</summary>
    private const int Most = 200;

    /// <summary>Bytes of a name or value that are looked at.</summary>
    private const int LongestLooked = 128;

    /// <summary>A name or value with more digits than this may be a number or an id of somebody.</summary>
    private const int MostDigits = 5;

    private static readonly JsonReaderOptions Options = new() { MaxDepth = 1_000_000 };

    private readonly Dictionary<NoveltyKey, int> seen = [];
    private readonly char[] letters = new char[LongestLooked];

    public Delivery Delivery { get; } = delivery;

    /// <summary>Each novelty and how often it occurs.</summary>
    public IReadOnlyDictionary<NoveltyKey, int> Seen => seen;

    /// <summary>Why looking ended early; null when it did not.</summary>
    public Exception? Failure { get; private set; }

    /// <summary>Looks at one element of <c>details</c>.</summary>
    public void Element(ReadOnlySpan<byte> json) => Look(json, KnownSchema.Call);

    /// <summary>Looks at the fields beside <c>details</c>.</summary>
    public void Envelope(ReadOnlySpan<byte> json, string kind) => Look(json, KnownSchema.Envelope(kind));

    private void Look(ReadOnlySpan<byte> json, KnownObject known)
    {
        if (Failure is not null || json.IsEmpty)
        {
            return;
        }

        try
        {
            var reader = new Utf8JsonReader(json, Options);
            if (reader.Read() && reader.TokenType == JsonTokenType.StartObject)
            {
                Walk(ref reader, known);
            }
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            // Whatever is odd here is told by who reads the call; once is enough for a delivery.
            Failure = error;
        }
    }

    private void Walk(ref Utf8JsonReader reader, KnownObject known)
    {
        while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
        {
            var name = Text(ref reader);
            var field = known.Find(name);
            var told = field is null ? known.Path + Tame(name) : "";
            reader.Read();
            var kind = KnownSchema.KindOf(reader.TokenType);
            if (field is null)
            {
                Tell(told, kind, "", NoveltyKind.Field);
                reader.Skip();
            }
            else
            {
                Compare(ref reader, field, kind);
            }
        }
    }

    private void Compare(ref Utf8JsonReader reader, KnownField field, JsonKinds kind)
    {
        if (kind != JsonKinds.Null && (field.Kinds & kind) == 0 && !(kind == JsonKinds.String && IsNothing(Text(ref reader))))
        {
            Tell(field.Path, kind, "", NoveltyKind.Type);
        }

        if (field.Vocabulary is { } vocabulary && kind is JsonKinds.String or JsonKinds.Number)
        {
            var word = Text(ref reader);
            if (!IsNothing(word) && !vocabulary.Contains(word))
            {
                Tell(field.Path, kind, Tame(word), NoveltyKind.Value);
            }
        }

        if (field.Within is { } within && kind == JsonKinds.Object && field.Kinds == JsonKinds.Object)
        {
            Walk(ref reader, within);
        }
        else if (field.Within is { } items && kind == JsonKinds.Array && field.Kinds == JsonKinds.Array)
        {
            while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
            {
                if (reader.TokenType == JsonTokenType.StartObject)
                {
                    Walk(ref reader, items);
                }
                else
                {
                    Tell(field.Path + "[]", KnownSchema.KindOf(reader.TokenType), "", NoveltyKind.Type);
                    reader.Skip();
                }
            }
        }
        else
        {
            reader.Skip();
        }
    }

    private void Tell(string path, JsonKinds kind, string value, NoveltyKind what)
    {
        var key = new NoveltyKey(Delivery.ConnectionId, path.Length > SchemaNovelty.LongestPath ? SchemaNovelty.Odd : path, KnownSchema.WordOf(kind), value, what);
        if (seen.Count >= Most && !seen.ContainsKey(key))
        {
            key = new NoveltyKey(Delivery.ConnectionId, SchemaNovelty.Others, "", "", NoveltyKind.Field);
        }

        seen[key] = seen.GetValueOrDefault(key) + 1;
    }

    /// <summary>A name or value as characters; what is too long is cut, and no text at all is a mark for it.</summary>
    private ReadOnlySpan<char> Text(ref Utf8JsonReader reader)
    {
        var raw = reader.ValueSpan;
        if (reader.ValueIsEscaped || raw.Length > LongestLooked)
        {
            return Whole(ref reader);
        }

        return Encoding.UTF8.TryGetChars(raw, letters, out var length) ? letters.AsSpan(0, length) : SchemaNovelty.Odd;
    }

    private static string Whole(ref Utf8JsonReader reader)
    {
        try
        {
            return reader.ValueSpan.Length > SchemaNovelty.LongestPath * 8 ? SchemaNovelty.Odd : reader.GetString() ?? "";
        }
        catch (InvalidOperationException)
        {
            // Half of a surrogate pair: no text.
            return SchemaNovelty.Odd;
        }
    }

    /// <summary>
    /// What may be shown to everybody: words, not somebody's number, mail or sentence. A hostile body may hold anything in any place.
    /// </summary>
    private static string Tame(ReadOnlySpan<char> text)
    {
        if (text.Length is 0 or > SchemaNovelty.LongestValue)
        {
            return SchemaNovelty.Odd;
        }

        var digits = 0;
        foreach (var letter in text)
        {
            digits += char.IsDigit(letter) ? 1 : 0;
            if (!char.IsLetterOrDigit(letter) && letter is not ('_' or '-' or '.' or ' ' or '/' or ':'))
            {
                return SchemaNovelty.Odd;
            }
        }

        return digits > MostDigits ? SchemaNovelty.Odd : text.ToString();
    }

    private static bool IsNothing(ReadOnlySpan<char> text) =>
        text.IsWhiteSpace() || text is "-" or "--" or "{}" or "[]" || text.Equals("null", StringComparison.OrdinalIgnoreCase) || text.Equals("none", StringComparison.OrdinalIgnoreCase);
}
