using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using AiRudder.Dashboard.Languages;

namespace AiRudder.Dashboard.Webhooks.Wire;

/// <summary>
/// Reads one JSON object by AIRUDDER's names and never fails on a value: the wrong type is converted or left empty and noted,
/// the many spellings of nothing (<c>"", "-", "--", "Null", "None", {}, "{}", []</c>, null, absent) become null, and what nobody
/// asked for is kept as unknown. No two of the vendor's names differ by case only, so case does not matter.
/// </summary>
public sealed class WireObject
{
    private readonly Dictionary<string, JsonElement> fields = new(StringComparer.OrdinalIgnoreCase);
    private readonly HashSet<string> unread = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<string> notes;
    private readonly string path;

    public WireObject(JsonElement element, string path, List<string> notes)
    {
        this.path = path;
        this.notes = notes;
        foreach (var property in element.EnumerateObject())
        {
            var name = NameOf(property);
            if (!fields.TryAdd(name, property.Value))
            {
                Note(name, ReadingNotes.Twice);
                fields[name] = property.Value;
            }

            unread.Add(name);
        }
    }

    /// <summary>Text as sent; null for any spelling of nothing. Numbers and truth values become their text.</summary>
    public string? Text(string name) => Verbatim(name) is { } text && !Nothing(text) ? text : null;

    /// <summary>Text as sent, where a hyphen may be what somebody said; null only for null, empty or absent.</summary>
    public string? Verbatim(string name)
    {
        if (!Take(name, out var value))
        {
            return null;
        }

        switch (value.ValueKind)
        {
            case JsonValueKind.String:
                return TextOf(value) is { Length: > 0 } text ? text : null;
            case JsonValueKind.Number:
                return RawText(value);
            case JsonValueKind.True or JsonValueKind.False:
                Note(name, ReadingNotes.OtherKind, ReadingNotes.ATruthValue, ReadingNotes.SomeText);
                return RawText(value);
            case JsonValueKind.Object or JsonValueKind.Array:
                if (RawText(value) is not ("{}" or "[]"))
                {
                    Note(name, ReadingNotes.OtherKind, KindOf(value), ReadingNotes.SomeText);
                }

                return null;
            default:
                return null;
        }
    }

    /// <summary>A whole number, sent as number or as text.</summary>
    public int? Number(string name)
    {
        if (Text(name) is not { } text)
        {
            return null;
        }

        if (decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && number is >= int.MinValue and <= int.MaxValue)
        {
            if (number != decimal.Truncate(number))
            {
                Note(name, ReadingNotes.Fraction);
            }

            return (int)number;
        }

        Note(name, ReadingNotes.NoNumber);
        return null;
    }

    /// <summary>The object under the name; null when it is absent, empty or something else.</summary>
    public WireObject? Child(string name)
    {
        if (!Take(name, out var value))
        {
            return null;
        }

        if (value.ValueKind == JsonValueKind.Object)
        {
            return value.EnumerateObject().MoveNext() ? new WireObject(value, path + "." + name, notes) : null;
        }

        NoteUnlessNothing(name, value, ReadingNotes.AnObject);
        return null;
    }

    /// <summary>The objects of the array under the name; elements of another kind are noted and passed over.</summary>
    public IReadOnlyList<WireObject> Children(string name)
    {
        if (!Take(name, out var value))
        {
            return [];
        }

        if (value.ValueKind != JsonValueKind.Array)
        {
            NoteUnlessNothing(name, value, ReadingNotes.AnArray);
            return [];
        }

        var objects = new List<WireObject>(value.GetArrayLength());
        var index = 0;
        foreach (var item in value.EnumerateArray())
        {
            var itemName = $"{name}[{index++}]";
            if (item.ValueKind == JsonValueKind.Object)
            {
                objects.Add(new WireObject(item, path + "." + itemName, notes));
            }
            else
            {
                NoteUnlessNothing(itemName, item, ReadingNotes.AnObject);
            }
        }

        return objects;
    }

    /// <summary>An object of texts such as <c>variables</c>: values of other kinds become their JSON text.</summary>
    public IReadOnlyDictionary<string, string> Texts(string name)
    {
        var texts = new Dictionary<string, string>();
        if (!Take(name, out var value))
        {
            return texts;
        }

        if (value.ValueKind != JsonValueKind.Object)
        {
            NoteUnlessNothing(name, value, ReadingNotes.AnObject);
            return texts;
        }

        foreach (var property in value.EnumerateObject())
        {
            texts[NameOf(property)] = property.Value.ValueKind switch
            {
                JsonValueKind.String => TextOf(property.Value),
                JsonValueKind.Null => "",
                _ => RawText(property.Value),
            };
        }

        return texts;
    }

    /// <summary>A text that may hold JSON (<c>Multi_intention</c>, <c>Slots</c>): its JSON, or the text as a JSON string.</summary>
    public string? JsonInText(string name)
    {
        if (!Take(name, out var value))
        {
            return null;
        }

        if (value.ValueKind is JsonValueKind.Object or JsonValueKind.Array)
        {
            return RawText(value) is "{}" or "[]" ? null : RawText(value);
        }

        // Half a surrogate pair is no character, and JSON made of it could not be read again.
        if (VendorText.Safe(Text(name)) is not { } text)
        {
            return null;
        }

        try
        {
            using var inner = JsonDocument.Parse(text);
            return inner.RootElement.ValueKind is JsonValueKind.Object or JsonValueKind.Array
                ? RawText(inner.RootElement)
                : JsonSerializer.Serialize(text, WireJson.Readable);
        }
        catch (JsonException)
        {
            return JsonSerializer.Serialize(text, WireJson.Readable);
        }
    }

    /// <summary>What nobody asked for, as a JSON object; null when everything was known.</summary>
    public string? Unknown()
    {
        if (unread.Count == 0)
        {
            return null;
        }

        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = WireJson.Readable.Encoder }))
        {
            writer.WriteStartObject();
            foreach (var name in fields.Keys.Where(unread.Contains))
            {
                writer.WritePropertyName(name);

                // Already read as JSON once; reading it again would only add the writer's limit of depth.
                writer.WriteRawValue(RawText(fields[name]), skipInputValidation: true);
            }

            writer.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.ToArray());
    }

    public void Note(string name, string template, params ReadOnlySpan<object?> values) => notes.Add(KeptSentences.Write(template, [$"{path}.{name}", .. values]));

    private bool Take(string name, out JsonElement value)
    {
        unread.Remove(name);
        return fields.TryGetValue(name, out value);
    }

    private void NoteUnlessNothing(string name, JsonElement value, string expected)
    {
        var nothing = value.ValueKind switch
        {
            JsonValueKind.Null => true,
            JsonValueKind.String => Nothing(TextOf(value)),
            JsonValueKind.Array => value.GetArrayLength() == 0,
            JsonValueKind.Object => !value.EnumerateObject().MoveNext(),
            _ => false,
        };
        if (!nothing)
        {
            Note(name, ReadingNotes.OtherKind, KindOf(value), expected);
        }
    }

    private static bool Nothing(string? text) =>
        string.IsNullOrWhiteSpace(text) || text is "-" or "--" or "{}" or "[]" ||
        text.Equals("null", StringComparison.OrdinalIgnoreCase) || text.Equals("none", StringComparison.OrdinalIgnoreCase);

    private static string KindOf(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => ReadingNotes.AnObject,
        JsonValueKind.Array => ReadingNotes.AnArray,
        JsonValueKind.String => ReadingNotes.SomeText,
        JsonValueKind.Number => ReadingNotes.ANumber,
        _ => ReadingNotes.ATruthValue,
    };

    private static string NameOf(JsonProperty property)
    {
        try
        {
            return property.Name;
        }
        catch (InvalidOperationException)
        {
            return "\ufffd";
        }
    }

    private static string TextOf(JsonElement value)
    {
        try
        {
            return value.GetString()!;
        }
        catch (InvalidOperationException)
        {
            // A lone surrogate or bytes that are no UTF-8: legal enough for a parser, not for a string.
            return WireJson.Unescape(RawText(value).AsSpan()[1..^1]);
        }
    }

    /// <summary>Unlike the element's own, never throws on bytes that are no UTF-8: they become replacement characters.</summary>
    private static string RawText(JsonElement value) => Encoding.UTF8.GetString(JsonMarshal.GetRawUtf8Value(value));
}
