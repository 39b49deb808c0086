using System.IO.Compression;
using System.Text;
using System.Text.Json;
using AiRudder.Dashboard.Intentions;
using AiRudder.Dashboard.Storage;
using Microsoft.EntityFrameworkCore;

namespace AiRudder.Dashboard.Calls;

/// <summary>Reads one call with all that belongs to it.</summary>
public sealed class CallReader(IDbContextFactory<DashboardDb> contexts, LabelTable labels)
{
    /// <summary>A call that is sent again and again keeps its page readable.</summary>
    private const int MostVersions = 100;

    private static readonly JsonSerializerOptions Readable = new(JsonSerializerDefaults.Web);

    /// <summary>The call, or null when there is none with this id.</summary>
    public async Task<CallView?> FindAsync(long id, bool reveal, CancellationToken cancel)
    {
        await using var db = await contexts.OpenAsync(cancel);
        if (await db.Calls.AsNoTracking().SingleOrDefaultAsync(row => row.Id == id, cancel) is not { } call)
        {
            return null;
        }

        var connections = await db.Connections.AsNoTracking().ToListAsync(cancel);
        var connection = connections.Single(row => row.Id == call.ConnectionId);
        var detail = await db.CallDetails.AsNoTracking().SingleOrDefaultAsync(row => row.CallId == id, cancel) ?? new CallDetail { CallId = id, TimeZone = connection.TimeZone };
        detail.RecordingLink = null;
        var context = await CallQueries.ContextAsync(db, connections, [call], await labels.ReadAsync(cancel), cancel);
        var view = new CallView
        {
            Line = CallLine.Of(call, context, reveal),
            Call = call,
            Detail = detail,
            Task = await db.CallTasks.AsNoTracking().SingleAsync(row => row.Id == call.CallTaskId, cancel),
            Connection = connection,
            Turns = Turns(detail.TurnsJson),
            Attempts = await db.Attempts.AsNoTracking().Where(row => row.CallId == id).OrderBy(row => row.Ordinal).ToListAsync(cancel),
            Answers = await db.Answers.AsNoTracking().Where(row => row.CallId == id).OrderBy(row => row.Ordinal).ToListAsync(cancel),
            Versions = await VersionsAsync(db, id, reveal, cancel),
            Revealed = reveal,
        };
        return reveal ? view : Discretion.Withhold(view);
    }

    /// <summary>The vendor's address of a call's sound, for the server alone. Not found: no such call; null: it has none.</summary>
    public async Task<(bool Found, string? Link)> RecordingLinkAsync(long id, CancellationToken cancel)
    {
        await using var db = await contexts.CreateDbContextAsync(cancel);
        var links = await db.Calls.Where(row => row.Id == id)
            .Select(row => db.CallDetails.Where(detail => detail.CallId == row.Id).Select(detail => detail.RecordingLink).FirstOrDefault())
            .ToListAsync(cancel);
        return links is [var link] ? (true, link) : (false, null);
    }

    private static async Task<IReadOnlyList<CallVersionView>> VersionsAsync(DashboardDb db, long id, bool reveal, CancellationToken cancel)
    {
        var rows = await (
            from version in db.CallVersions.AsNoTracking()
            where version.CallId == id
            join delivery in db.Deliveries on version.DeliveryId equals delivery.Id
            orderby version.DeliveryId descending, version.Ordinal descending
            select new
            {
                version.DeliveryId,
                version.Ordinal,
                delivery.ReceivedAt,
                delivery.Kind,
                delivery.Outcome,
                delivery.Copies,
                Original = reveal ? version.Original : null,
                Envelope = reveal ? delivery.Envelope : null,
            }).Take(MostVersions).ToListAsync(cancel);
        return [.. rows.Select(row => new CallVersionView(row.DeliveryId, row.Ordinal, row.ReceivedAt, row.Kind, row.Outcome, row.Copies, Inflate(row.Original), row.Envelope))];
    }

    private static string? Inflate(byte[]? original)
    {
        if (original is null)
        {
            return null;
        }

        using var inflated = new DeflateStream(new MemoryStream(original), CompressionMode.Decompress);
        using var text = new StreamReader(inflated, Encoding.UTF8);
        return text.ReadToEnd();
    }

    private static List<Turn> Turns(string? json) => json is null ? [] : JsonSerializer.Deserialize<List<Turn>>(json, Readable) ?? [];
}
