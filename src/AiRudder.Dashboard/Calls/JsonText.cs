using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace AiRudder.Dashboard.Calls;

/// <summary>JSON that is kept and shown as text.</summary>
public static class JsonText
{
    /// <summary>Deeper than any body that was accepted as a call.</summary>
    private const int Depth = 512;

    private static readonly JsonDocumentOptions Reading = new() { MaxDepth = Depth };
    private static readonly JsonSerializerOptions Shown = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, MaxDepth = Depth };
    private static readonly JsonSerializerOptions Kept = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, MaxDepth = Depth };

    /// <summary>Names and values of an object, nested values as JSON; one nameless value for anything else; nothing for nothing.</summary>
    public static IReadOnlyList<(string Name, string Value)> Pairs(string? json)
    {
        if (Read(json) is not { } document)
        {
            return string.IsNullOrWhiteSpace(json) ? [] : [("", json)];
        }

        using (document)
        {
            return document.RootElement.ValueKind switch
            {
                JsonValueKind.Object => [.. document.RootElement.EnumerateObject().Select(member => (member.Name, Plain(member.Value)))],
                JsonValueKind.Null => [],
                JsonValueKind.Array when document.RootElement.GetArrayLength() == 0 => [],
                _ => [("", Plain(document.RootElement))],
            };
        }
    }

    /// <summary>The same JSON with every value in it replaced; names stay.</summary>
    public static string? Map(string? json, Func<string?, string?> replace)
    {
        if (Read(json) is not { } document)
        {
            return json is null ? null : JsonSerializer.Serialize(replace(json), Kept);
        }

        using (document)
        {
            return Map(JsonNode.Parse(document.RootElement.GetRawText(), documentOptions: Reading), replace)?.ToJsonString(Kept) ?? "null";
        }
    }

    /// <summary>Indented for reading; as it is when it cannot be read.</summary>
    public static string Indented(string json)
    {
        try
        {
            using var document = JsonDocument.Parse(json, Reading);
            return JsonSerializer.Serialize(document.RootElement, Shown);
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            return json;
        }
    }

    private static JsonNode? Map(JsonNode? node, Func<string?, string?> replace) => node switch
    {
        JsonObject found => new JsonObject(found.Select(member => KeyValuePair.Create(member.Key, Map(member.Value, replace)))),
        JsonArray found => new JsonArray([.. found.Select(item => Map(item, replace))]),
        null => null,
        JsonValue value => Replaced(value, replace),
        _ => null,
    };

    /// <summary>A number or truth that the replacement leaves alone stays what it is.</summary>
    private static JsonNode? Replaced(JsonValue value, Func<string?, string?> replace)
    {
        var text = value.GetValueKind() == JsonValueKind.String ? value.GetValue<string>() : value.ToJsonString();
        var replaced = replace(text);
        return replaced == text ? value.DeepClone() : JsonValue.Create(replaced);
    }

    private static JsonDocument? Read(string? json)
    {
        if (string.IsNullOrWhiteSpace(json))
        {
            return null;
        }

        try
        {
            return JsonDocument.Parse(json, Reading);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static string Plain(JsonElement value)
    {
        try
        {
            return value.ValueKind == JsonValueKind.String ? value.GetString()! : value.GetRawText();
        }
        catch (InvalidOperationException)
        {
            return value.GetRawText(); // a lone surrogate, written as an escape
        }
    }
}

/// <summary>JSON text written into an answer as JSON, not as a string.</summary>
[JsonConverter(typeof(Converter))]
public sealed record RawJson(string Text)
{
    /// <summary>Null for nothing; text that is no JSON becomes a JSON string.</summary>
    public static RawJson? Of(string? text) => text switch
    {
        null => null,
        _ when IsJson(text) => new RawJson(text),
        _ => new RawJson(JsonSerializer.Serialize(text)),
    };

    private static bool IsJson(string text)
    {
        try
        {
            using var document = JsonDocument.Parse(text, new JsonDocumentOptions { MaxDepth = 512 });
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private sealed class Converter : JsonConverter<RawJson>
    {
        public override RawJson Read(ref Utf8JsonReader reader, Type type, JsonSerializerOptions options)
        {
            using var document = JsonDocument.ParseValue(ref reader);
            return new RawJson(document.RootElement.GetRawText());
        }

        public override void Write(Utf8JsonWriter writer, RawJson value, JsonSerializerOptions options) =>
            writer.WriteRawValue(value.Text, skipInputValidation: true);
    }
}
