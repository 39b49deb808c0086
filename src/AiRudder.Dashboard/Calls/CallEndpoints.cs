using System.Globalization;
using System.Text;
using System.Text.Json;
using AiRudder.Dashboard.Accounts;
using AiRudder.Dashboard.Accounts.Audit;
using AiRudder.Dashboard.Exports;
using AiRudder.Dashboard.Recordings;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.Extensions.Options;

namespace AiRudder.Dashboard.Calls;

/// <summary>Calls for scripts: pages, streams, one call, and a file.</summary>
public static class CallEndpoints
{
    private const int LargestPage = 500;

    /// <summary>What a file or a stream holds at most; the answer says so in a header.</summary>
    private const int MostRows = CallFile.MostRows;

    public static void MapCallEndpoints(this IEndpointRouteBuilder app)
    {
        var calls = app.MapGroup("/api").WithTags("Calls").AddEndpointFilter(async (context, next) =>
        {
            context.HttpContext.Response.Headers.CacheControl = "private, no-store";
            return await next(context);
        });
        calls.MapGet("/calls", ListAsync).RequireAuthorization(nameof(Permission.View));
        calls.MapGet("/calls/{id}", OneAsync).RequireAuthorization(nameof(Permission.View));
        calls.MapGet("/calls.csv", CsvAsync).RequireAuthorization(nameof(Permission.View), nameof(Permission.Export)).Audited(AuditAction.Export, "calls as csv");
        calls.MapGet("/calls.xlsx", WorkbookAsync).RequireAuthorization(nameof(Permission.View), nameof(Permission.Export)).Audited(AuditAction.Export, "calls as xlsx");
    }

    private static async Task<IResult> ListAsync(HttpContext http, CallQueries queries, AuditLog audit, IOptions<JsonOptions> json)
    {
        var (wanted, errors) = Read(http, defaultLimit: 100);
        var stream = http.Request.Query["format"].ToString() switch
        {
            "" or "json" => false,
            "ndjson" => true,
            var other => Unknown(errors, $"format: '{other}' is not one of json, ndjson."),
        };
        if (errors.Count > 0)
        {
            return Refused(errors);
        }

        if (stream && !Permissions.Allows(http.User, Permission.Export))
        {
            return TypedResults.Problem("format=ndjson streams everything away: that needs the permission to export.", statusCode: 403);
        }

        if (wanted.Reveal)
        {
            await audit.WriteAsync(http, AuditAction.Reveal, "calls", stream ? "stream" : "page");
        }

        if (stream)
        {
            await audit.WriteAsync(http, AuditAction.Export, "calls", wanted.Reveal ? "NDJSON in full" : "NDJSON masked");
            var all = wanted with { Limit = http.Request.Query.ContainsKey("limit") ? wanted.Limit : MostRows };
            http.Response.Headers["X-Row-Limit"] = all.Limit.ToString(CultureInfo.InvariantCulture);
            return TypedResults.Stream(body => WriteLinesAsync(body, queries.StreamAsync(all, http.RequestAborted), json.Value.SerializerOptions, http.RequestAborted), "application/x-ndjson");
        }

        var page = await queries.ListAsync(wanted, http.RequestAborted);
        return TypedResults.Ok(new { page.Items, page.Next });

        static bool Unknown(List<string> errors, string sentence)
        {
            errors.Add(sentence);
            return false;
        }
    }

    private static async Task<Results<Ok<CallDocument>, ProblemHttpResult>> OneAsync(HttpContext http, string id, CallReader reader, KeptRecordings kept, KnownRecordings recordings, AuditLog audit)
    {
        if (Id(id) is not { } number || await reader.FindAsync(number, Permissions.Allows(http.User, Permission.Reveal), http.RequestAborted) is not { } view)
        {
            return NoSuchCall();
        }

        if (view.Revealed)
        {
            await audit.WriteAsync(http, AuditAction.Reveal, $"call {view.Line.Id}");
        }

        return TypedResults.Ok(CallDocument.Of(view, view.Call.HasRecording ? await kept.FindAsync(number, http.RequestAborted) : null, recordings.LengthOf(number)));
    }

    private static IResult CsvAsync(HttpContext http, CallQueries queries) => AsFile(http, queries, ExportFormat.Csv, "calls.csv");

    private static IResult WorkbookAsync(HttpContext http, CallQueries queries) => AsFile(http, queries, ExportFormat.Xlsx, "calls.xlsx");

    private static IResult AsFile(HttpContext http, CallQueries queries, ExportFormat format, string name)
    {
        var (wanted, errors) = Read(http, defaultLimit: MostRows);
        var columns = CallColumns.Api;
        if (http.Request.Query["columns"].ToString() is { Length: > 0 } keys)
        {
            (columns, var error) = CallColumns.Parse(keys);
            errors.AddRange(new[] { error }.OfType<string>());
        }

        if (errors.Count > 0)
        {
            return Refused(errors);
        }

        http.Response.Headers["X-Row-Limit"] = wanted.Limit.ToString(CultureInfo.InvariantCulture);
        return TypedResults.Stream(
            body => CallFile.WriteAsync(body, format, columns, [.. columns.Select(column => column.Key)], queries.StreamAsync(wanted, http.RequestAborted), null, http.RequestAborted),
            CallFile.ContentType(format),
            name);
    }

    private static (CallsWanted Wanted, List<string> Errors) Read(HttpContext http, int defaultLimit)
    {
        var query = http.Request.Query;
        var (filter, unread) = CallFilter.Parse(query);
        var errors = unread.ToList();
        var (sort, sortError) = CallSort.Parse(query["sort"]);
        var (cursor, cursorError) = CallCursor.Parse(query["cursor"], sort);
        errors.AddRange(new[] { sortError, cursorError }.OfType<string>());
        var limit = defaultLimit;
        if (query["limit"].ToString() is { Length: > 0 } text &&
            (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out limit) || limit is < 1 or > LargestPage))
        {
            errors.Add($"limit: '{text}' is not a whole number from 1 to {LargestPage}.");
        }

        return (new CallsWanted(filter, sort, cursor, limit, Permissions.Allows(http.User, Permission.Reveal)), errors);
    }

    private static async Task WriteLinesAsync(Stream body, IAsyncEnumerable<CallLine> lines, JsonSerializerOptions json, CancellationToken cancel)
    {
        await using var writer = new StreamWriter(body, new UTF8Encoding(false), 16_384, leaveOpen: true);
        await foreach (var line in lines.WithCancellation(cancel))
        {
            await writer.WriteAsync(JsonSerializer.Serialize(line, json).AsMemory(), cancel);
            await writer.WriteAsync("\n".AsMemory(), cancel);
        }
    }

    /// <summary>Our id from an address; null when it cannot be one.</summary>
    internal static long? Id(string text) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : null;

    internal static ProblemHttpResult NoSuchCall() =>
        TypedResults.Problem(title: "No such call", detail: "There is no call with this id; it may have been erased, or its retention has ended.", statusCode: StatusCodes.Status404NotFound);

    private static ProblemHttpResult Refused(IReadOnlyList<string> errors) => TypedResults.Problem(
        title: "The filter cannot be read",
        detail: string.Join(' ', errors),
        statusCode: StatusCodes.Status400BadRequest,
        extensions: [new("errors", errors)]);
}
