using System.Globalization;
using System.Text;
using AiRudder.Dashboard.Accounts;
using AiRudder.Dashboard.Accounts.Audit;
using AiRudder.Dashboard.Calls;
using AiRudder.Dashboard.Exports;
using AiRudder.Dashboard.Metrics;

namespace AiRudder.Dashboard.Reviews;

/// <summary>Reviews for scripts and spreadsheets.</summary>
public static class ReviewEndpoints
{
    private const int LargestPage = 500;

    private const int MostRows = 500_000;

    private static readonly string[] Columns =
    [
        "id", "call", "callId", "callee", "connection", "task", "taskName", "robot", "label", "labelVerdict", "reviewLabel", "score", "fatalFailed", "defect",
        "scorecard", "version", "reviewer", "submittedAt", "edits", "source", "slot", "comment",
    ];

    public static void MapReviewEndpoints(this IEndpointRouteBuilder app)
    {
        var reviews = app.MapGroup("/api").WithTags("Reviews").RequireAuthorization(nameof(Permission.SeeReviews)).AddEndpointFilter(async (context, next) =>
        {
            context.HttpContext.Response.Headers.CacheControl = "private, no-store";
            return await next(context);
        });
        reviews.MapGet("/reviews", ListAsync).WithSummary("Reviews handed in, newest first. Takes the filters of /api/calls, and call, reviewer, scorecard, sample, source, defect, reviewLabel.");
        reviews.MapGet("/reviews.csv", CsvAsync).RequireAuthorization(nameof(Permission.Export)).Audited(AuditAction.Export, "reviews as csv");
        reviews.MapGet("/reviews.xlsx", WorkbookAsync).RequireAuthorization(nameof(Permission.Export)).Audited(AuditAction.Export, "reviews as xlsx");
    }

    private static async Task<IResult> ListAsync(HttpContext http, ReviewQueries queries)
    {
        var (wanted, errors) = Read(http, 100);
        var lines = ApiFilter.WantsLines(http.Request, errors);
        if (errors.Count > 0)
        {
            return ApiFilter.Refused(errors);
        }

        if (!lines)
        {
            return TypedResults.Ok(await queries.ListAsync(wanted, http.RequestAborted));
        }

        await ApiFilter.WriteLinesAsync(http, queries.StreamAsync(wanted with { Limit = http.Request.Query.ContainsKey("limit") ? wanted.Limit : MostRows }, http.RequestAborted));
        return TypedResults.Empty;
    }

    private static IResult CsvAsync(HttpContext http, ReviewQueries queries)
    {
        var (wanted, errors) = Read(http, MostRows);
        if (errors.Count > 0)
        {
            return ApiFilter.Refused(errors);
        }

        http.Response.Headers["X-Row-Limit"] = wanted.Limit.ToString(CultureInfo.InvariantCulture);
        return TypedResults.Stream(
            async body =>
            {
                await using var writer = new StreamWriter(body, new UTF8Encoding(false), 16_384, leaveOpen: true);
                await writer.WriteAsync(CsvText.Line([.. Columns, "items"]).AsMemory(), http.RequestAborted);
                await foreach (var line in queries.StreamAsync(wanted, http.RequestAborted))
                {
                    var items = line.Items.Select(item => $"{item.Text}: {(item.Points is { } points ? $"{points}/{item.MaxPoints}" : "n/a")}");
                    await writer.WriteAsync(CsvText.Line([.. Cells(line).Select(cell => cell.Text ?? cell.Number?.ToString("0.##", CultureInfo.InvariantCulture)), string.Join("; ", items)]).AsMemory(), http.RequestAborted);
                }
            },
            "text/csv; charset=utf-8",
            "reviews.csv");
    }

    private static IResult WorkbookAsync(HttpContext http, ReviewQueries queries)
    {
        var (wanted, errors) = Read(http, MostRows);
        if (errors.Count > 0)
        {
            return ApiFilter.Refused(errors);
        }

        http.Response.Headers["X-Row-Limit"] = wanted.Limit.ToString(CultureInfo.InvariantCulture);
        return TypedResults.Stream(body => WriteAsync(body, queries, wanted, http.RequestAborted), Workbook.ContentType, "reviews.xlsx");
    }

    /// <summary>Two sheets: the reviews, and a row for every item of every review.</summary>
    private static async Task WriteAsync(Stream body, ReviewQueries queries, ReviewsWanted wanted, CancellationToken cancel)
    {
        await using var book = await Workbook.CreateAsync(body, cancel);
        await book.BeginSheetAsync("Reviews", Columns, cancel);
        await foreach (var line in queries.StreamAsync(wanted, cancel))
        {
            await book.AddRowAsync(Cells(line), cancel);
        }

        await book.BeginSheetAsync("Items", ["review", "call", "reviewer", "item", "text", "points", "maxPoints", "weight", "fatal"], cancel);
        var rows = 1;
        await foreach (var line in queries.StreamAsync(wanted, cancel))
        {
            foreach (var item in line.Items)
            {
                if (++rows > Workbook.MostRows)
                {
                    return;
                }

                await book.AddRowAsync(
                    [line.Id, line.Call, line.Reviewer, item.Ordinal, item.Text, item.Points is { } points ? (Cell)points : "n/a", item.MaxPoints, item.Weight, Word(item.Fatal)], cancel);
            }
        }
    }

    private static Cell[] Cells(ReviewLine line) =>
    [
        line.Id, line.Call, line.CallId, line.Callee, line.Connection, line.Task, line.TaskName, line.Robot, line.Label, line.LabelVerdict, line.ReviewLabel, line.Score,
        Word(line.FatalFailed), Word(line.Defect), line.Scorecard, line.Version, line.Reviewer, line.SubmittedAt.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture),
        line.Edits, line.Source, (double?)line.Slot, line.Comment,
    ];

    private static string Word(bool truth) => truth ? "true" : "false";

    private static (ReviewsWanted Wanted, List<string> Errors) Read(HttpContext http, int defaultLimit)
    {
        var (filter, errors) = ReviewFilter.Parse(http.Request.Query);
        var limit = ApiFilter.Number(http.Request, "limit", 1, LargestPage, defaultLimit, errors);
        long? before = null;
        if (http.Request.Query["cursor"].ToString() is { Length: > 0 } cursor)
        {
            before = long.TryParse(cursor, NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : null;
            if (before is null)
            {
                errors.Add("cursor: it is not one that this list gave out; leave it away to begin anew.");
            }
        }

        return (new ReviewsWanted(filter, ReviewQueries.BlindFor(http.User), before, limit, Permissions.Allows(http.User, Permission.Reveal)), errors);
    }
}
