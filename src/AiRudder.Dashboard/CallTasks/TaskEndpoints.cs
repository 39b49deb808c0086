using System.Globalization;
using AiRudder.Dashboard.Accounts;
using AiRudder.Dashboard.Metrics;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AiRudder.Dashboard.CallTasks;

/// <summary><c>/api/tasks</c>: the figures of the task pages. Without days in the filter a task's whole life counts.</summary>
public static class TaskEndpoints
{
    private const int LargestPage = 500;

    public static void MapTaskEndpoints(this IEndpointRouteBuilder app)
    {
        var group = app.MapGroup("/api/tasks").WithTags("Tasks").RequireAuthorization(nameof(Permission.View));
        group.MapGet("", ListAsync);
        group.MapGet("{id}", OneAsync);
        group.MapPut("{id}/list-size", SetListSizeAsync).RequireAuthorization(nameof(Permission.SetListSize));
    }

    private static async Task<Results<Ok<TaskList>, ProblemHttpResult, EmptyHttpResult>> ListAsync(HttpContext http, TaskQuery tasks)
    {
        var (filter, errors) = ApiFilter.Read(http.Request);
        var limit = ApiFilter.Number(http.Request, "limit", 1, LargestPage, 100, errors);
        var cursor = ApiFilter.Number(http.Request, "cursor", 1, int.MaxValue, int.MaxValue, errors);
        var lines = ApiFilter.WantsLines(http.Request, errors);
        if (errors.Count > 0)
        {
            return ApiFilter.Refused(errors);
        }

        if (!lines)
        {
            try
            {
                var page = await tasks.ReadAsync(filter, limit, cursor, http.RequestAborted);
                return TypedResults.Ok(new TaskList([.. page.Select(TaskAnswer.Of)], page.Count < limit ? null : page[^1].Task.Id.ToString(CultureInfo.InvariantCulture)));
            }
            catch (FiguresUnknownException reason)
            {
                return ApiFilter.Unknown(reason);
            }
        }

        await ApiFilter.WriteLinesAsync(http, AllAsync());
        return TypedResults.Empty;

        async IAsyncEnumerable<TaskAnswer> AllAsync()
        {
            for (var before = cursor; ;)
            {
                var page = await tasks.ReadAsync(filter, LargestPage, before, http.RequestAborted);
                foreach (var row in page)
                {
                    yield return TaskAnswer.Of(row);
                }

                if (page.Count < LargestPage)
                {
                    yield break;
                }

                before = page[^1].Task.Id;
            }
        }
    }

    private static async Task<Results<Ok<object>, ProblemHttpResult>> OneAsync(HttpContext http, string id, TaskDetailQuery tasks)
    {
        var (filter, errors) = ApiFilter.Read(http.Request);
        if (errors.Count > 0)
        {
            return ApiFilter.Refused(errors);
        }

        TaskDetail? found;
        try
        {
            found = await tasks.FindAsync(Decoded(id), filter, http.RequestAborted);
        }
        catch (FiguresUnknownException reason)
        {
            return ApiFilter.Unknown(reason);
        }

        if (found is null)
        {
            return TypedResults.Problem($"There is no task '{id}'.", statusCode: StatusCodes.Status404NotFound, title: "No such task");
        }

        var task = TaskAnswer.Of(found.Row);
        return TypedResults.Ok<object>(new
        {
            task.Id, task.Name, task.Connection, task.Status, task.Robot, task.Line, task.Numbers, task.ListSize, task.Reached, task.Calls, task.Attempts, task.Connected, task.Labels,
            task.TransferRequests, task.TransferSuccesses, task.Provisional, task.Reason, task.ScheduledFrom, task.ScheduledTo, task.RepeatInterval, task.RepeatNumber, task.FirstHeardAt, task.LastHeardAt,
            Figures = FigureAnswer.Of(found.Summary),
            Ladder = found.Ladder,
            RingTypes = found.Rings,
            HangUps = found.Hangups,
            found.Row.Task.ListSizeBy,
            found.Row.Task.ListSizeAt,
            found.Row.Task.ListSizeFrom,
            Heat = found.Script.Heat.Select(cell => new { Weekday = cell.Weekday.ToString(), cell.Hour, cell.Attempts, cell.Connected }),
            Questions = found.Script.Questions,
            BreakOffs = found.Script.BreakOffs,
            LastSentences = found.Script.LastWords,
        });
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> SetListSizeAsync(HttpContext http, string id, ListSizeWanted wanted, ListSizes sizes)
    {
        var who = http.User.Identity?.Name ?? "unknown";
        var refusal = await sizes.SetAsync(http.Request.Query["connection"].ToString() is { Length: > 0 } connection ? connection : null, Decoded(id), wanted.ListSize, Noted("said by a program"), who, http.RequestAborted);
        return refusal is null ? TypedResults.NoContent() : TypedResults.Problem(refusal, statusCode: StatusCodes.Status400BadRequest, title: "The size of the list was not taken down");
    }

    /// <summary>Routing decodes everything but a slash.</summary>
    private static string Decoded(string id) => id.Replace("%2F", "/", StringComparison.OrdinalIgnoreCase);

    /// <param name="ListSize">Numbers on the list; null for unknown again.</param>
    public sealed record ListSizeWanted(int? ListSize);
}
