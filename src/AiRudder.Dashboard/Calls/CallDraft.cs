using System.IO.Compression;
using System.Text.Json;
using AiRudder.Dashboard.Languages;
using AiRudder.Dashboard.Webhooks.Wire;

namespace AiRudder.Dashboard.Calls;

/// <summary>One element of a delivery, read but not yet stored: a call, or the reason why it cannot be one.</summary>
/// <param name="Ordinal">Position in <c>details</c>, from 0.</param>
/// <param name="Position">Byte position in the decoded body.</param>
/// <param name="Element">The call; null when the element is to be quarantined.</param>
/// <param name="Original">The element's bytes, deflated; empty when they were not asked for.</param>
/// <param name="ContentIdentity">Identity of the bytes themselves.</param>
/// <param name="Refusal">Why it cannot be a call.</param>
public sealed record CallDraft(int Ordinal, long Position, CallElement? Element, byte[] Original, byte[] ContentIdentity, string? Refusal)
{
    /// <summary>An element by its place, and why it cannot be a call.</summary>
    public static readonly string AtPlace = Noted("details[{0}] {1}");

    private static readonly string TooLarge = Noted("is larger than {0} MB");
    private static readonly string TooManyParts = Noted("has more than {0:N0} parts");
    private static readonly string NoCall = Noted("is a {0} where a call is expected");
    private static readonly string TooDeep = Noted("cannot be read as a call, or is nested deeper than {0} levels");
    private static readonly string Misread = Noted("cannot be read by this version ({0})");

    /// <summary>All there may be for <see cref="Refusal"/>.</summary>
    public static readonly IReadOnlyList<string> Refusals = [TooLarge, TooManyParts, NoCall, TooDeep, Misread];

    /// <param name="element">A view of the body.</param>
    /// <param name="keepOriginal">False on a first look, which only counts and tells calls apart.</param>
    public static CallDraft Read(BodyElement element, bool keepOriginal = true)
    {
        if (element.Json.IsEmpty)
        {
            return new(element.Ordinal, element.Position, null, [], [], KeptSentences.Write(TooLarge, BodyScan.LargestElement / 1024 / 1024));
        }

        if (element.IsCrowded)
        {
            return new(element.Ordinal, element.Position, null, [], [], KeptSentences.Write(TooManyParts, BodyScan.MostParts));
        }

        var content = Identity.OfContent(element.Json.Span);
        var original = keepOriginal ? Deflate(element.Json.Span) : [];
        try
        {
            using var json = JsonDocument.Parse(element.Json, WireJson.Element);
            return json.RootElement.ValueKind == JsonValueKind.Object
                ? new(element.Ordinal, element.Position, CallElement.Read(json.RootElement), original, content, null)
                : new(element.Ordinal, element.Position, null, original, content, KeptSentences.Write(NoCall, json.RootElement.ValueKind));
        }
        catch (JsonException)
        {
            return new(element.Ordinal, element.Position, null, original, content, KeptSentences.Write(TooDeep, WireJson.Element.MaxDepth));
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            // A mistake of ours in reading one call must not cost its neighbours; after the repair it is replayed.
            return new(element.Ordinal, element.Position, null, original, content, KeptSentences.Write(Misread, error.GetType().Name));
        }
    }

    public static CallElement Reread(byte[] original)
    {
        using var json = JsonDocument.Parse(Inflate(original), WireJson.Element);
        return CallElement.Read(json.RootElement);
    }

    /// <summary>The element's JSON as it arrived.</summary>
    public static byte[] Inflate(byte[] original)
    {
        using var plain = new MemoryStream();
        using var inflate = new DeflateStream(new MemoryStream(original), CompressionMode.Decompress);
        inflate.CopyTo(plain);
        return plain.ToArray();
    }

    private static byte[] Deflate(ReadOnlySpan<byte> json)
    {
        using var packed = new MemoryStream();
        using (var deflate = new DeflateStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            deflate.Write(json);
        }

        return packed.ToArray();
    }

    /// <summary>
    /// The key under which a call without an id would be found again, or null when it has an id or not even a number. Two different
    /// elements of one delivery may share it: a list can hold a number twice.
    /// </summary>
    public byte[]? NumberIdentity(string? taskId) => Element switch
    {
        { CallId: null, Callee: { } callee } => NumberIdentity(taskId, callee, Element.CallTimes),
        _ => null,
    };

    public static byte[] NumberIdentity(string? taskId, string callee, int? callTimes) =>
        Identity.OfNumber(taskId, callee, callTimes?.ToString(System.Globalization.CultureInfo.InvariantCulture));
}
