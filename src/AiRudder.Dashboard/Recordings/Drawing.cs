namespace AiRudder.Dashboard.Recordings;

/// <summary>Takes decoded samples as they come and keeps what a waveform needs of them.</summary>
public sealed class Drawing(int channels, int samplesPerSecond)
{
    private readonly List<byte>[] peaks = [.. Enumerable.Range(0, Math.Min(channels, 2)).Select(_ => new List<byte>())];
    private readonly List<float> levels = [];
    private readonly int[] loudest = new int[Math.Min(channels, 2)];
    private readonly double[] energy = new double[Math.Min(channels, 2)];
    private readonly int perSlice = samplesPerSecond / Waveform.Rate;
    private int inSlice;
    private long samples;

    public bool TooLong => samples > Waveform.LongestSeconds * samplesPerSecond;

    public bool Empty => samples == 0;

    /// <summary>One sample of every channel; those beyond the second are not looked at.</summary>
    public void Add(ReadOnlySpan<short> frame)
    {
        for (var channel = 0; channel < loudest.Length; channel++)
        {
            var value = Math.Abs((int)frame[channel]);
            loudest[channel] = Math.Max(loudest[channel], value);
            energy[channel] += (double)value * value;
        }

        samples++;
        if (++inSlice == perSlice)
        {
            Close();
        }
    }

    public Waveform ToWaveform(long callId)
    {
        if (inSlice > 0)
        {
            Close();
        }

        var seconds = Math.Min(samples / (double)samplesPerSecond, levels.Count / (double)Waveform.Rate);
        return Waveform.Of(callId, seconds, peaks.Length, [.. peaks.SelectMany(channel => channel)], [.. levels], byBrowser: false);
    }

    private void Close()
    {
        for (var channel = 0; channel < loudest.Length; channel++)
        {
            peaks[channel].Add((byte)Math.Min(255, loudest[channel] / 128));
        }

        // Whoever speaks, on whichever side.
        var mean = energy.Max() / inSlice / (32768.0 * 32768.0);
        levels.Add(mean <= 0 ? Silences.Nothing : Math.Max(Silences.Nothing, (float)(10 * Math.Log10(mean))));
        Array.Clear(loudest);
        Array.Clear(energy);
        inSlice = 0;
    }
}
