using System.Globalization;

namespace AiRudder.Dashboard.Recordings;

/// <summary>The headers of an answer with sound: our own, whatever the vendor sent.</summary>
/// <param name="ContentType">What it is.</param>
/// <param name="Length">Bytes in all; null when nobody knows, then there are no ranges.</param>
/// <param name="Tag">Strong entity tag, with its quotes.</param>
internal readonly record struct SoundAnswer(string ContentType, long? Length, string Tag)
{
    /// <summary>
    /// The range that is asked for; unsatisfiable ones have been answered already. A range that is only wanted of another version than
    /// this one is none, and a date names no version of ours.
    /// </summary>
    public (ByteRange? Range, bool Answered) Range(HttpContext http)
    {
        var asked = HttpMethods.IsGet(http.Request.Method) && (http.Request.Headers.IfRange.Count == 0 || http.Request.Headers.IfRange == Tag);
        var (range, unsatisfiable) = asked && Length is { } length ? ByteRange.Of(http.Request.Headers.Range.ToString(), length) : (null, false);
        if (unsatisfiable)
        {
            http.Response.StatusCode = StatusCodes.Status416RangeNotSatisfiable;
            http.Response.Headers.ContentRange = string.Create(CultureInfo.InvariantCulture, $"bytes */{Length}");
            http.Response.Headers.AcceptRanges = "bytes";
        }

        return (range, unsatisfiable);
    }

    public void Describe(HttpContext http, long callId, ByteRange? range)
    {
        var headers = http.Response.Headers;
        headers.ContentType = ContentType;
        headers.ContentDisposition = IsDownload(http)
            ? string.Create(CultureInfo.InvariantCulture, $"attachment; filename=\"call-{callId}.{Extension}\"")
            : "inline";
        headers.ETag = Tag;
        headers.AcceptRanges = Length is null ? "none" : "bytes";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        http.Response.ContentLength = range?.Length ?? Length;
        if (range is { } part)
        {
            http.Response.StatusCode = StatusCodes.Status206PartialContent;
            headers.ContentRange = part.ContentRange(Length!.Value);
        }
    }

    /// <summary>Wanted as a file and not for listening.</summary>
    public static bool IsDownload(HttpContext http) => http.Request.Query.ContainsKey("download");

    private string Extension => ContentType == AudioKind.Wav.ContentType ? "wav" : ContentType == AudioKind.Ogg.ContentType ? "ogg" : "mp3";
}
