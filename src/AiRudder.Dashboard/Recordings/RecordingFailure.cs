namespace AiRudder.Dashboard.Recordings;

/// <summary>Why a recording cannot be heard, in words that name the case and never the link.</summary>
/// <param name="Reason">For scripts.</param>
/// <param name="Status">Of our answer.</param>
/// <param name="Title">For people.</param>
/// <param name="Detail">What it means and what to do.</param>
public sealed record RecordingFailure(string Reason, int Status, string Title, string Detail)
{
    /// <summary>Another try may succeed.</summary>
    public bool MayPass => Reason is "late" or "unreachable" or "vendorFailed" or "cutShort" or "changed";

    public static readonly RecordingFailure None = new(
        "none", 404, Noted("The call has no recording"), Noted("AIRUDDER sent no recording with this call; unanswered calls have none."));

    public static readonly RecordingFailure Gone = new(
        "gone", 404, Noted("The recording is gone"), Noted("AIRUDDER no longer has the file. It keeps recordings for a limited time."));

    public static readonly RecordingFailure LinkNotAllowed = new(
        "linkNotAllowed", 502, Noted("Refused: the link is not a plain https address"), Noted("The recording's link has another scheme, port, or user information. Nothing was fetched."));

    public static readonly RecordingFailure HostNotAllowed = new(
        "hostNotAllowed", 502, Noted("Refused: host not allowed"), Noted("The recording lies on a host that is not in the setting Recordings:AllowedHosts. Nothing was fetched."));

    public static readonly RecordingFailure AddressNotPublic = new(
        "addressNotPublic", 502, Noted("Refused: the host's address is not public"), Noted("The recording's host resolves to an address inside a private network. Nothing was fetched."));

    public static readonly RecordingFailure Redirected = new(
        "redirected", 502, Noted("Refused: the vendor redirected"), Noted("The recording's host answered with a redirect; redirects are not followed."));

    public static readonly RecordingFailure NotAudio = new(
        "notAudio", 502, Noted("Not audio"), Noted("What the vendor sent is not an MP3, WAV or Ogg file."));

    public static readonly RecordingFailure TooLarge = new(
        "tooLarge", 502, Noted("Too large"), Noted("The recording is larger than the setting Recordings:MaxBytes allows."));

    public static readonly RecordingFailure Late = new(
        "late", 504, Noted("The vendor did not answer in time"), Noted("No sound arrived within the setting Recordings:FirstByteTimeout. Try again in a while."));

    public static readonly RecordingFailure Unreachable = new(
        "unreachable", 502, Noted("The vendor could not be reached"), Noted("The connection to the recording's host failed. Try again in a while."));

    public static readonly RecordingFailure CutShort = new(
        "cutShort", 502, Noted("The vendor's answer broke off"), Noted("Less sound arrived than was announced, or not within the setting Recordings:TotalTimeout. The rest is fetched when it can be."));

    public static readonly RecordingFailure Changed = new(
        "changed", 502, Noted("The file changed while it was fetched"), Noted("The vendor's file is another one than the part that is here. It is fetched anew."));

    public static readonly RecordingFailure Expired = new(
        "retention", 404, Noted("The recording was deleted"), Noted("Its retention here has ended (setting Retention:Audio)."));

    public static readonly RecordingFailure VendorFailed = new(
        "vendorFailed", 502, Noted("The vendor refused or failed"), Noted("The recording's host answered with an error. Try again in a while."));
}

/// <summary>Reasons as they are kept in rows, in words.</summary>
public static class RecordingReasons
{
    private static readonly RecordingFailure[] All =
    [
        RecordingFailure.None, RecordingFailure.Gone, RecordingFailure.LinkNotAllowed, RecordingFailure.HostNotAllowed, RecordingFailure.AddressNotPublic, RecordingFailure.Redirected,
        RecordingFailure.NotAudio, RecordingFailure.TooLarge, RecordingFailure.Late, RecordingFailure.Unreachable, RecordingFailure.CutShort, RecordingFailure.Changed, RecordingFailure.Expired,
        RecordingFailure.VendorFailed,
    ];

    public static string? Words(string? reason) => reason switch
    {
        null => null,
        Recording.Storage => T("Our own disk or database refused"),
        _ => All.FirstOrDefault(failure => failure.Reason == reason) is { } known ? T(known.Title) : reason,
    };

    public static string? Detail(string? reason) => All.FirstOrDefault(failure => failure.Reason == reason) is { } known ? T(known.Detail) : null;
}

/// <summary>Carries a failure out of a connection attempt.</summary>
public sealed class RecordingRefusedException(RecordingFailure failure) : IOException(failure.Title)
{
    public RecordingFailure Failure { get; } = failure;
}
