using System.Security.Cryptography;
using Microsoft.Extensions.Options;

namespace AiRudder.Dashboard.Recordings;

/// <summary>Fetches one recording into our own store: from the place where an earlier try ended, within limits, checked to be sound.</summary>
public sealed partial class RecordingKeeper(
    RecordingQueue queue, RecordingShelf shelf, VendorRecordings vendor, IOptions<RecordingOptions> options, ILogger<RecordingKeeper> log)
{
    /// <summary>Writing down how a try ended must not be given up because the server stops.</summary>
    private static readonly TimeSpan ToSettle = TimeSpan.FromSeconds(10);

    /// <summary>One try of a claimed recording. Every way it can end is in its row afterwards.</summary>
    public async Task TryAsync(Recording row, CancellationToken stopping)
    {
        RecordingFailure? failure = null;
        try
        {
            failure = await FetchAsync(row, stopping);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            await SettleAsync(row, cancel => queue.PostponeAsync(row, ownTrouble: false, cancel));
            return;
        }
        catch (Exception error)
        {
            LogOwnTrouble(log, row.CallId, error);
            await SettleAsync(row, cancel => queue.PostponeAsync(row, ownTrouble: true, cancel));
            return;
        }

        if (failure is not null)
        {
            LogFailed(log, row.CallId, row.Attempts, failure.Reason);
            await SettleAsync(row, cancel => queue.FailAsync(row, failure, cancel));
        }
    }

    private async Task<RecordingFailure?> FetchAsync(Recording row, CancellationToken stopping)
    {
        if (await queue.LinkAsync(row, stopping) is not { } link)
        {
            return RecordingFailure.Changed;
        }

        var (address, refusal) = RecordingAddress.Check(link, options.Value);
        if (address is null)
        {
            return refusal;
        }

        await using var part = await ContinueAsync(row, stopping);
        if (!part.IsWhole && await FetchAsync(row, address, part, stopping) is { } failure)
        {
            return failure;
        }

        if (AudioKind.Sniff(part.First) is not { } kind)
        {
            return RecordingFailure.NotAudio;
        }

        var (bytes, sha256) = (part.Length, await part.CompleteAsync(stopping));
        if (!await queue.KeepAsync(row, bytes, sha256, kind.ContentType, stopping))
        {
            shelf.Delete(row.File!);
        }

        return null;
    }

    /// <summary>What is here of an earlier try; nothing, when the key of its file cannot be unsealed any more.</summary>
    private async Task<SoundPart> ContinueAsync(Recording row, CancellationToken stopping)
    {
        try
        {
            return await shelf.ContinueAsync(row.File!, row.Key!, stopping);
        }
        catch (CryptographicException)
        {
            LogKeyLost(log, row.CallId);
            shelf.Delete(row.File!);
            await queue.RekeyAsync(row, stopping);
            return await shelf.ContinueAsync(row.File!, row.Key!, stopping);
        }
    }

    private async Task<RecordingFailure?> FetchAsync(Recording row, Uri address, SoundPart part, CancellationToken stopping)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        limit.CancelAfter(options.Value.TotalTimeout);
        var (sound, failure) = await vendor.FetchAsync(address, part.Length, row.Validator, stopping);
        if (sound is null)
        {
            if (failure == RecordingFailure.Changed)
            {
                part.Restart();
                await queue.BeginAsync(row, null, stopping);
            }

            return failure;
        }

        using (sound)
        {
            if (sound.Start == 0)
            {
                part.Restart();
                await queue.BeginAsync(row, sound.Validator, stopping);
            }

            while (true)
            {
                ReadOnlyMemory<byte> next;
                try
                {
                    next = await sound.NextAsync(limit.Token);
                }
                catch (Exception error) when (error is IOException or HttpRequestException or OperationCanceledException && !stopping.IsCancellationRequested)
                {
                    return RecordingFailure.CutShort;
                }

                if (next.IsEmpty)
                {
                    return sound.Total is { } total && part.Length != total ? RecordingFailure.CutShort : null;
                }

                if (part.Length + next.Length > options.Value.MaxBytes)
                {
                    return RecordingFailure.TooLarge;
                }

                await part.AppendAsync(next, stopping);
            }
        }
    }

    private async Task SettleAsync(Recording row, Func<CancellationToken, Task> settle)
    {
        using var limit = new CancellationTokenSource(ToSettle);
        try
        {
            await settle(limit.Token);
        }
        catch (Exception error)
        {
            // The claim runs out by itself, and the recording is tried again then.
            LogNotSettled(log, row.CallId, error);
        }
    }

    [LoggerMessage(6010, LogLevel.Information, "The recording of call {CallId} could not be fetched (try {Attempt}): {Reason}")]
    private static partial void LogFailed(ILogger log, long callId, int attempt, string reason);

    [LoggerMessage(6011, LogLevel.Error, "The recording of call {CallId} could not be kept now")]
    private static partial void LogOwnTrouble(ILogger log, long callId, Exception error);

    [LoggerMessage(6012, LogLevel.Error, "How the fetch of the recording of call {CallId} ended could not be written down")]
    private static partial void LogNotSettled(ILogger log, long callId, Exception error);

    [LoggerMessage(6013, LogLevel.Warning, "What was fetched of the recording of call {CallId} cannot be unsealed with the keys of this server; it is fetched anew")]
    private static partial void LogKeyLost(ILogger log, long callId);
}
