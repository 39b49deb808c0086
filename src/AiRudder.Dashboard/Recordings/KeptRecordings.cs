using System.Security.Cryptography;
using AiRudder.Dashboard.Storage;
using Microsoft.EntityFrameworkCore;

namespace AiRudder.Dashboard.Recordings;

/// <summary>Gives out our own copies.</summary>
public sealed partial class KeptRecordings(IDbContextFactory<DashboardDb> contexts, RecordingShelf shelf, ILogger<KeptRecordings> log)
{
    /// <summary>What is known of a call's recording; null when its link has not been followed yet.</summary>
    public async Task<Recording?> FindAsync(long callId, CancellationToken cancel)
    {
        await using var db = await contexts.CreateDbContextAsync(cancel);
        return await db.Recordings.AsNoTracking().SingleOrDefaultAsync(row => row.CallId == callId, cancel);
    }

    /// <summary>Answers with our own copy.</summary>
    /// <param name="http">Who asks, and where the answer goes.</param>
    /// <param name="row">Which one.</param>
    /// <param name="sends">Called before the first byte with the part that is sent, null for all, and the whole length.</param>
    /// <param name="gone">Stops it.</param>
    /// <returns>False: it cannot be read here (another node's file, lost keys), and nothing has been answered.</returns>
    internal async Task<bool> AnswerAsync(HttpContext http, Recording row, Func<ByteRange?, long?, Task> sends, CancellationToken gone)
    {
        await using var sound = Open(row);
        if (sound is null)
        {
            return false;
        }

        var answer = new SoundAnswer(row.ContentType!, sound.Length, $"\"{Convert.ToHexStringLower(row.Sha256!)}\"");
        var (range, answered) = answer.Range(http);
        if (answered)
        {
            return true;
        }

        if (!HttpMethods.IsHead(http.Request.Method))
        {
            await sends(range, sound.Length);
        }

        answer.Describe(http, row.CallId, range);
        if (!HttpMethods.IsHead(http.Request.Method) &&
            !await sound.CopyToAsync(http.Response.Body, range?.First ?? 0, range?.Length ?? sound.Length, gone))
        {
            LogDamaged(log, row.CallId);
            http.Abort();
        }

        return true;
    }

    private KeptSound? Open(Recording row)
    {
        try
        {
            var sound = shelf.Open(row.File!, row.Key!, row.Bytes!.Value);
            if (sound is null)
            {
                LogNotHere(log, row.CallId);
            }

            return sound;
        }
        catch (CryptographicException error)
        {
            LogKeyLost(log, row.CallId, error.GetType().Name);
            return null;
        }
    }

    [LoggerMessage(6060, LogLevel.Error, "The kept recording of call {CallId} is damaged on disk")]
    private static partial void LogDamaged(ILogger log, long callId);

    [LoggerMessage(6061, LogLevel.Warning, "The kept recording of call {CallId} is not in this server's data directory; nodes that share a database must share it")]
    private static partial void LogNotHere(ILogger log, long callId);

    [LoggerMessage(6062, LogLevel.Error, "The kept recording of call {CallId} cannot be unsealed with the keys of this server: {Kind}")]
    private static partial void LogKeyLost(ILogger log, long callId, string kind);
}
