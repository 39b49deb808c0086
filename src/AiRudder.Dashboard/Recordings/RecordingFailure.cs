namespace AiRudder.Dashboard.Recordings;

/// <summary>Why a recording cannot be heard, in words that name the case and never the link.</summary>
/// <param name="Reason">For scripts.</param>
/// <param name="Status">Of our answer.</param>
/// <param name="Title">For people.</param>
/// <param name="Detail">What it means and what to do.</param>
public sealed record RecordingFailure(string Reason, int Status, string Title, string Detail)
{
    public static readonly RecordingFailure None = new(
        "none", 404, "The call has no recording", "AIRUDDER sent no recording with this call; unanswered calls have none.");

    public static readonly RecordingFailure Gone = new(
        "gone", 404, "The recording is gone", "AIRUDDER no longer has the file. It keeps recordings for a limited time.");

    public static readonly RecordingFailure LinkNotAllowed = new(
        "linkNotAllowed", 502, "Refused: the link is not a plain https address", "The recording's link has another scheme, port, or user information. Nothing was fetched.");

    public static readonly RecordingFailure HostNotAllowed = new(
        "hostNotAllowed", 502, "Refused: host not allowed", "The recording lies on a host that is not in the setting Recordings:AllowedHosts. Nothing was fetched.");

    public static readonly RecordingFailure AddressNotPublic = new(
        "addressNotPublic", 502, "Refused: the host's address is not public", "The recording's host resolves to an address inside a private network. Nothing was fetched.");

    public static readonly RecordingFailure Redirected = new(
        "redirected", 502, "Refused: the vendor redirected", "The recording's host answered with a redirect; redirects are not followed.");

    public static readonly RecordingFailure NotAudio = new(
        "notAudio", 502, "Not audio", "What the vendor sent is not an MP3, WAV or Ogg file.");

    public static readonly RecordingFailure TooLarge = new(
        "tooLarge", 502, "Too large", "The recording is larger than the setting Recordings:MaxBytes allows.");

    public static readonly RecordingFailure Late = new(
        "late", 504, "The vendor did not answer in time", "No sound arrived within the setting Recordings:FirstByteTimeout. Try again in a while.");

    public static readonly RecordingFailure Unreachable = new(
        "unreachable", 502, "The vendor could not be reached", "The connection to the recording's host failed. Try again in a while.");

    public static readonly RecordingFailure VendorFailed = new(
        "vendorFailed", 502, "The vendor refused or failed", "The recording's host answered with an error. Try again in a while.");
}

/// <summary>Carries a failure out of a connection attempt.</summary>
public sealed class RecordingRefusedException(RecordingFailure failure) : IOException(failure.Title)
{
    public RecordingFailure Failure { get; } = failure;
}
