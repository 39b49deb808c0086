using System.Security.Cryptography;
using AiRudder.Dashboard.Storage;
using Microsoft.EntityFrameworkCore;

namespace AiRudder.Dashboard.Recordings;

/// <summary>Waveforms of kept recordings: drawn by this server, or taken from a browser that had to draw one.</summary>
public sealed partial class WaveformStore(IDbContextFactory<DashboardDb> contexts, WriteGate gate, RecordingShelf shelf, SoundDecoder decoder, ILogger<WaveformStore> log)
{
    /// <summary>A sound that cannot be decoded is left to the browsers after this many tries.</summary>
    private const int MostAttempts = 2;

    /// <summary>Draws the next kept recording that has no waveform of this server's making.</summary>
    /// <returns>Whether there was one.</returns>
    public async Task<bool> DrawNextAsync(CancellationToken cancel)
    {
        if (!decoder.IsHere)
        {
            return false;
        }

        await using var db = await contexts.CreateDbContextAsync(cancel);
        if (await Undrawn(db).FirstOrDefaultAsync(cancel) is not { } row)
        {
            return false;
        }

        // Counted first: a sound that brings the process down must not do so for ever.
        await db.Recordings.Where(it => it.CallId == row.CallId).ExecuteUpdateAsync(it => it.SetProperty(own => own.DrawAttempts, own => own.DrawAttempts + 1), cancel);
        if (await DrawAsync(row, cancel) is { } waveform)
        {
            await KeepAsync(waveform, cancel);
        }

        return true;
    }

    public static IQueryable<Recording> Undrawn(DashboardDb db) => db.Recordings.AsNoTracking()
        .Where(row => row.State == RecordingState.Kept && row.DrawAttempts < MostAttempts && !db.Waveforms.Any(waveform => waveform.CallId == row.CallId && !waveform.ByBrowser))
        .OrderByDescending(row => row.CallId);

    /// <summary>Keeps a waveform with its recording. A browser's never takes the place of one that is here.</summary>
    /// <returns>Whether it was kept: only a kept recording has one.</returns>
    public async Task<bool> KeepAsync(Waveform waveform, CancellationToken cancel)
    {
        using var pen = await gate.EnterAsync(cancel);
        await using var db = await contexts.CreateDbContextAsync(cancel);
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        var kept = await db.Recordings.Where(row => row.CallId == waveform.CallId && row.State == RecordingState.Kept)
            .ExecuteUpdateAsync(row => row.SetProperty(it => it.Seconds, waveform.Seconds), cancel);
        if (kept == 0 || (waveform.ByBrowser && await db.Waveforms.AnyAsync(row => row.CallId == waveform.CallId, cancel)))
        {
            return false;
        }

        await db.Waveforms.Where(row => row.CallId == waveform.CallId).ExecuteDeleteAsync(cancel);
        db.Waveforms.Add(waveform);
        await db.SaveChangesAsync(cancel);
        await transaction.CommitAsync(cancel);
        return true;
    }

    private async Task<Waveform?> DrawAsync(Recording row, CancellationToken cancel)
    {
        try
        {
            await using var sound = shelf.Open(row.File!, row.Key!, row.Bytes!.Value);
            return sound is null ? null : await decoder.DrawAsync(row.CallId, sound, row.ContentType!, cancel);
        }
        catch (Exception error) when (error is not OperationCanceledException and (IOException or TimeoutException or CryptographicException or InvalidDataException or InvalidOperationException or System.ComponentModel.Win32Exception))
        {
            LogNotDrawn(log, row.CallId, error);
            return null;
        }
    }

    [LoggerMessage(6020, LogLevel.Warning, "The recording of call {CallId} could not be drawn")]
    private static partial void LogNotDrawn(ILogger log, long callId, Exception error);
}
