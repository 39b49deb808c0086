using System.Globalization;
using System.Text.Json;
using AiRudder.Dashboard.Accounts;
using AiRudder.Dashboard.Accounts.Audit;
using AiRudder.Dashboard.Connections;
using AiRudder.Dashboard.Webhooks.Uploads;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AiRudder.Dashboard.Webhooks;

/// <summary>A delivery as scripts see it.</summary>
public sealed record DeliveryAnswer(
    string Id, string Connection, string? Kind, DateTimeOffset ReceivedAt, long Bytes, string Sha256, string Outcome, string? Reason, string? ReasonField, long? ReasonPosition, int Calls, int QuarantinedCalls, int Copies);

public sealed record DeliveryList(IReadOnlyList<DeliveryAnswer> Items, string? Next);

public sealed record QuarantinedAnswer(int Ordinal, string Reason, long Position);

/// <summary><c>/api/deliveries</c>.</summary>
public static class DeliveryApi
{
    private const int MostCallIds = 1000;

    public static void MapDeliveries(this WebApplication app)
    {
        var group = app.MapGroup("/api/deliveries").WithTags("Deliveries").RequireAuthorization(nameof(Permission.View));
        group.MapGet("", ListAsync);
        group.MapGet("{id:long}", OneAsync);
        group.MapGet("{id:long}/raw", RawAsync).RequireAuthorization(nameof(Permission.ViewRaw)).Audited(AuditAction.ViewRaw, "delivery {id}");
        group.MapPost("{id:long}/replay", ReplayAsync).RequireAuthorization(nameof(Permission.Replay)).Audited(AuditAction.Replay, "delivery {id}").DisableAntiforgery();
        app.MapUploads();
    }

    /// <summary>Newest first, or with <c>after=id</c> in order of arrival; <c>next</c> goes back as <c>cursor</c>, or as <c>after</c>.</summary>
    private static async Task<IResult> ListAsync(
        HttpContext http, DeliveryQueries queries, ConnectionDirectory connections, AuditLog audit, long? after, long? cursor, string? outcome, string? connection, string? format, CancellationToken cancel, int limit = 100)
    {
        if (limit is < 1 or > 1000)
        {
            return TypedResults.Problem("limit: allowed are 1 to 1000.", statusCode: 400);
        }

        DeliveryOutcome? wanted = null;
        if (outcome is not null)
        {
            if (!Enum.TryParse<DeliveryOutcome>(outcome, ignoreCase: true, out var parsed) || char.IsAsciiDigit(outcome[0]))
            {
                return TypedResults.Problem($"outcome: allowed are pending, processed, quarantined and uninterpreted.", statusCode: 400);
            }

            wanted = parsed;
        }

        var holder = connections.All.FirstOrDefault(row => string.Equals(row.Name, connection, StringComparison.OrdinalIgnoreCase));
        if (connection is not null && holder is null)
        {
            return TypedResults.Ok(new DeliveryList([], null));
        }

        var filter = new DeliveryFilter(holder?.Id, wanted);
        if (format == "ndjson")
        {
            if (!Permissions.Allows(http.User, Permission.Export))
            {
                return TypedResults.Problem("format=ndjson streams everything away: that needs the permission to export.", statusCode: 403);
            }

            await audit.WriteAsync(http, AuditAction.Export, "deliveries", "NDJSON");
            await StreamAsync(http, queries, connections, filter, after, cursor, cancel);
            return TypedResults.Empty;
        }

        var rows = await queries.ListAsync(filter, cursor, after, limit, cancel);
        var next = rows.Count < limit ? null : rows[^1].Id.ToString(CultureInfo.InvariantCulture);
        return TypedResults.Ok(new DeliveryList([.. rows.Select(row => Answer(row, connections))], next));
    }

    /// <summary>Every delivery that fits, one JSON object a line, in order of arrival.</summary>
    private static async Task StreamAsync(HttpContext http, DeliveryQueries queries, ConnectionDirectory connections, DeliveryFilter filter, long? after, long? before, CancellationToken cancel)
    {
        http.Response.ContentType = "application/x-ndjson";
        var last = after ?? 0;
        while (true)
        {
            var rows = await queries.ListAsync(filter, before, last, 1000, cancel);
            foreach (var row in rows)
            {
                await JsonSerializer.SerializeAsync(http.Response.Body, Answer(row, connections), JsonSerializerOptions.Web, cancel);
                await http.Response.Body.WriteAsync("\n"u8.ToArray(), cancel);
                last = row.Id;
            }

            if (rows.Count < 1000)
            {
                return;
            }
        }
    }

    private static async Task<IResult> OneAsync(long id, DeliveryQueries queries, ConnectionDirectory connections, CancellationToken cancel)
    {
        var found = await queries.FindAsync(id, cancel);
        if (found is null)
        {
            return NotFound(id);
        }

        var calls = await queries.CallsAsync(id, MostCallIds, cancel);
        var quarantined = await queries.QuarantinedAsync(id, MostCallIds, cancel);
        var answer = Answer(
            new DeliveryRow(found.Id, found.ConnectionId, found.Kind ?? found.UrlKind, found.ReceivedAt, found.Bytes, found.Sha256, found.Outcome, found.Reason, found.ReasonField, found.ReasonPosition, found.Calls, found.QuarantinedCalls, found.Copies),
            connections);
        return TypedResults.Ok(new
        {
            answer.Id,
            answer.Connection,
            answer.Kind,
            answer.ReceivedAt,
            answer.Bytes,
            answer.Sha256,
            answer.Outcome,
            answer.Reason,
            answer.ReasonField,
            answer.ReasonPosition,
            answer.Calls,
            answer.QuarantinedCalls,
            answer.Copies,
            found.LastCopyAt,
            found.ProcessedAt,
            found.FailedAttempts,
            callIds = calls.Select(call => call.ToString(CultureInfo.InvariantCulture)),
            quarantined = quarantined.Select(element => new QuarantinedAnswer(element.Ordinal, element.Reason, element.Position)),
        });
    }

    private static async Task<IResult> RawAsync(long id, HttpContext http, DeliveryQueries queries, BodyReader bodies, CancellationToken cancel)
    {
        if (await queries.FindAsync(id, cancel) is null || await bodies.OpenAsync(id, cancel) is not { } bytes)
        {
            return NotFound(id);
        }

        // Never as a page: the bytes are the vendor's, and a browser must not run them.
        http.Response.Headers.CacheControl = "no-store";
        return TypedResults.Stream(bytes, "application/octet-stream", $"delivery-{id}.json");
    }

    private static async Task<Results<Accepted, ProblemHttpResult>> ReplayAsync(long id, Replay replay, CancellationToken cancel) =>
        await replay.OneAsync(id, cancel) ? TypedResults.Accepted($"/api/deliveries/{id}") : NotFound(id);

    private static ProblemHttpResult NotFound(long id) =>
        TypedResults.Problem($"There is no delivery {id}, or its body is no longer kept.", statusCode: 404, title: "No such delivery");

    private static DeliveryAnswer Answer(DeliveryRow row, ConnectionDirectory connections) => new(
        row.Id.ToString(CultureInfo.InvariantCulture),
        connections.ById.TryGetValue(row.ConnectionId, out var connection) ? connection.Name : "",
        row.Kind is { Length: > 0 } kind ? kind : null,
        row.ReceivedAt,
        row.Bytes,
        Convert.ToHexStringLower(row.Sha256),
        row.Outcome.ToString().ToLowerInvariant(),
        row.Reason,
        row.ReasonField,
        row.ReasonPosition,
        row.Calls,
        row.QuarantinedCalls,
        row.Copies);
}
