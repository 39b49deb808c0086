using System.Text.Json;

namespace AiRudder.Dashboard.Recordings;

/// <summary>What is drawn of a kept sound, and where nobody talks in it. Made once and kept with the recording, so that a call need not be downloaded to be drawn.</summary>
public sealed class Waveform
{
    /// <summary>Peaks and levels per second of sound.</summary>
    public const int Rate = 20;

    /// <summary>Longer sounds are not drawn.</summary>
    public const double LongestSeconds = 4 * 60 * 60;

    public long CallId { get; set; }

    public double Seconds { get; set; }

    /// <summary>1, or 2 when the sides lie apart.</summary>
    public int Channels { get; set; }

    /// <summary>Loudest sample of each slice, 0 to 255, one channel after the other: <c>Channels × ⌈Seconds × Rate⌉</c> bytes.</summary>
    public required byte[] Peaks { get; set; }

    /// <summary>Stretches without talk as <c>[[from, to], …]</c>, seconds.</summary>
    public required string SilencesJson { get; set; }

    /// <summary>Drawn by the first browser that opened the call, because this server cannot decode sound.</summary>
    public bool ByBrowser { get; set; }

    public static int Slices(double seconds) => (int)Math.Ceiling(seconds * Rate);

    /// <summary>What a browser made of a sound, or null when it cannot be that.</summary>
    /// <param name="callId">Of which call.</param>
    /// <param name="seconds">How long it plays.</param>
    /// <param name="channels">1 or 2.</param>
    /// <param name="drawing">The peaks as kept, then one level per slice (see <see cref="Silences.Level(byte)"/>).</param>
    public static Waveform? OfBrowser(long callId, double seconds, int channels, ReadOnlySpan<byte> drawing)
    {
        if (!double.IsFinite(seconds) || seconds is <= 0 or > LongestSeconds || channels is not (1 or 2) || drawing.Length != (channels + 1) * Slices(seconds))
        {
            return null;
        }

        var slices = Slices(seconds);
        var levels = new float[slices];
        for (var i = 0; i < slices; i++)
        {
            levels[i] = Recordings.Silences.Level(drawing[(channels * slices) + i]);
        }

        return Of(callId, seconds, channels, drawing[..(channels * slices)].ToArray(), levels, byBrowser: true);
    }

    public static Waveform Of(long callId, double seconds, int channels, byte[] peaks, ReadOnlySpan<float> levels, bool byBrowser) => new()
    {
        CallId = callId,
        Seconds = seconds,
        Channels = channels,
        Peaks = peaks,
        SilencesJson = JsonSerializer.Serialize(Recordings.Silences.Find(levels, seconds).Select(span => new[] { Math.Round(span.From, 2), Math.Round(span.To, 2) })),
        ByBrowser = byBrowser,
    };
}
