namespace AiRudder.Dashboard.Calls;

/// <summary>A flag on the waveform.</summary>
/// <param name="Second">Of the sound.</param>
/// <param name="Words">What is there.</param>
public sealed record SoundMark(double Second, string Words)
{
    /// <summary>What the call's own record places in time: its transfer.</summary>
    public static IReadOnlyList<SoundMark> Of(Call call)
    {
        if (call.ConnectedAt is not { } start)
        {
            return [];
        }

        (DateTimeOffset? At, string Words)[] events = [(call.TransferRequestedAt, T("transfer asked for")), (call.TransferSucceededAt, T("transfer taken"))];
        return [.. events.Where(one => one.At >= start).Select(one => new SoundMark((one.At!.Value - start).TotalSeconds, one.Words))];
    }
}
