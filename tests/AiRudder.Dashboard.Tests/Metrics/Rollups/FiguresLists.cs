using AiRudder.Dashboard.Calls;
using AiRudder.Dashboard.CallTasks;
using AiRudder.Dashboard.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace AiRudder.Dashboard.Tests.Metrics.Rollups;

/// <summary>Each figure of a task's page against the list that its link opens.</summary>
internal static class FiguresLists
{
    public static async Task AssertAsync(CallRoad road, TaskDetail detail, CallFilter filter)
    {
        await using var db = road.Db();
        filter = filter with { Connection = road.Connection.Name };
        async Task HasAsync(long count, CallFilter list) => Assert.True(count == await list.Apply(db, [road.Connection]).CountAsync(), $"{count} is not what {list.ToQueryString()} lists.");

        foreach (var cell in detail.Script.Heat)
            await HasAsync(cell.Connected, filter with { Weekday = cell.Weekday, Hour = cell.Hour, Connected = true });

        foreach (var cell in detail.Hangups)
            await HasAsync(cell.Calls, filter with { HangupType = cell.HangupType ?? "--", HangupBy = cell.HangupBy ?? "--", Connected = true });

        foreach (var ring in detail.Rings)
            await HasAsync(ring.Connected, filter with { RingType = ring.RingType ?? "--", Connected = true });

        foreach (var rung in detail.Ladder)
        {
            await HasAsync(rung.Dials, filter with { MinAttempts = rung.Attempt });
            await HasAsync(rung.Connects, filter with { Attempts = rung.Attempt, Connected = true });
        }

        var interviews = detail.Script.BreakOffs.Sum(row => row.Calls);
        foreach (var question in detail.Script.Questions.GroupBy(row => row.Question))
        {
            var one = filter with { Question = question.Key ?? "--", Connected = true };
            await HasAsync(question.Sum(row => row.Calls), one);
            await HasAsync(interviews - question.Sum(row => row.Calls), filter with { NotAsked = question.Key ?? "--", Connected = true });
            foreach (var row in question)
                await HasAsync(row.Calls, one with { QuestionStatus = row.Status ?? "--", Answered = row.Answered ?? "--", Verification = row.Verification ?? "--" });
        }

        foreach (var end in detail.Script.BreakOffs)
            await HasAsync(end.Calls, filter with { LastAnswered = end.Question ?? "--", HangupType = end.HangupType ?? "--", Connected = true });

        foreach (var said in detail.Script.LastWords)
            await HasAsync(said.Calls, filter with { LastSaid = said.Key, HangupType = said.HangupType ?? "--", Connected = true });
    }
}
