namespace AiRudder.Dashboard.Recordings;

/// <summary>
/// Finds where nobody talks: slices whose level lies nearer to the noise of the line than to the voices. A number from sound, so an
/// approximation: it serves to skip pauses, not to judge anybody.
/// </summary>
public static class Silences
{
    /// <summary>Shorter pauses belong to the talk. Seconds.</summary>
    public const double Shortest = 0.7;

    /// <summary>Level of a slice without any sound, in dB below full scale.</summary>
    public const float Nothing = -100;

    /// <summary>Between the noise of the line and the voices there is at least this, or nothing can be told apart. dB.</summary>
    private const float LeastContrast = 9;

    /// <summary>A voice begins this share of the way up from noise to voices, but not nearer than <see cref="LeastAbove"/>.</summary>
    private const float ShareUp = 0.25f;

    private const float LeastAbove = 5;

    /// <summary>Below this nobody has spoken, whatever the contrast. dB.</summary>
    private const float Inaudible = -60;

    /// <summary>Half decibels above <see cref="Nothing"/>, as a browser sends them, as decibels.</summary>
    public static float Level(byte halves) => Nothing + (halves / 2f);

    /// <summary>Stretches without talk, in order.</summary>
    /// <param name="levels">dB below full scale of each slice of 1 / <see cref="Waveform.Rate"/> s.</param>
    /// <param name="seconds">Length of the sound.</param>
    public static IEnumerable<(double From, double To)> Find(ReadOnlySpan<float> levels, double seconds)
    {
        var found = new List<(double, double)>();
        if (levels.IsEmpty || Threshold(levels) is not { } threshold)
        {
            return found;
        }

        var from = 0;
        for (var i = 0; i <= levels.Length; i++)
        {
            // One loud slice between quiet ones is a click.
            var talk = i == levels.Length || (levels[i] >= threshold && (i + 1 >= levels.Length || levels[i + 1] >= threshold || (i > 0 && levels[i - 1] >= threshold)));
            if (!talk)
            {
                continue;
            }

            if ((i - from) / (double)Waveform.Rate >= Shortest)
            {
                found.Add((from / (double)Waveform.Rate, Math.Min(i / (double)Waveform.Rate, seconds)));
            }

            from = i + 1;
        }

        return found;
    }

    /// <summary>From which level on it is talk; null when noise and talk cannot be told apart.</summary>
    private static float? Threshold(ReadOnlySpan<float> levels)
    {
        var sorted = levels.ToArray();
        Array.Sort(sorted);
        var noise = Math.Max(sorted[sorted.Length / 10], Inaudible - 20);
        var voices = sorted[(sorted.Length - 1) * 19 / 20];
        return voices < Inaudible ? float.PositiveInfinity
            : voices - noise < LeastContrast ? null
            : Math.Max(noise + Math.Max(LeastAbove, ShareUp * (voices - noise)), Inaudible);
    }
}
