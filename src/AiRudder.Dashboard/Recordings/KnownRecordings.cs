using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;

namespace AiRudder.Dashboard.Recordings;

/// <summary>What was learned of a recording by looking at its beginning.</summary>
/// <param name="Kind">Which audio it is.</param>
/// <param name="Length">Bytes in all; null when the vendor does not say.</param>
/// <param name="Ranges">The vendor serves parts.</param>
/// <param name="Tag">Changes when the file does.</param>
/// <param name="CallId">Of which call.</param>
/// <param name="At">When it was looked at.</param>
public sealed record KnownRecording(AudioKind Kind, long? Length, bool Ranges, string Tag, long CallId, DateTimeOffset At);

/// <summary>
/// Remembers for a while what recordings are, so that each jump in a player needs one request to the vendor and not two. Bounded; it
/// holds a hash of each link, not the link.
/// </summary>
public sealed class KnownRecordings(TimeProvider time)
{
    private const int Most = 2_000;
    private static readonly TimeSpan Fresh = TimeSpan.FromMinutes(10);

    private readonly ConcurrentDictionary<string, KnownRecording> known = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<long, long> lengths = new();

    public KnownRecording? Find(Uri link) =>
        known.TryGetValue(Key(link), out var found) && time.GetUtcNow() - found.At is var age && age >= TimeSpan.Zero && age < Fresh ? found : null;

    public void Keep(Uri link, KnownRecording recording)
    {
        if (known.Count >= Most)
        {
            known.Clear();
            lengths.Clear();
        }

        known[Key(link)] = recording;
        if (recording.Length is { } length)
        {
            lengths[recording.CallId] = length;
        }
    }

    public void Forget(Uri link)
    {
        if (known.TryRemove(Key(link), out var gone))
        {
            lengths.TryRemove(gone.CallId, out _);
        }
    }

    /// <summary>Bytes of a call's recording, when somebody has asked for it lately.</summary>
    public long? LengthOf(long callId) => lengths.TryGetValue(callId, out var length) ? length : null;

    private static string Key(Uri link) => Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(link.AbsoluteUri)));
}
