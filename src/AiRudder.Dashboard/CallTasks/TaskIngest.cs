using System.Text.Json;
using AiRudder.Dashboard.Calls;
using AiRudder.Dashboard.Storage;
using AiRudder.Dashboard.Webhooks;
using AiRudder.Dashboard.Webhooks.Wire;
using Microsoft.EntityFrameworkCore;

namespace AiRudder.Dashboard.CallTasks;

/// <summary>Makes and updates tasks from what the envelopes of call bodies say of them.</summary>
internal static class TaskIngest
{
    /// <summary>Gives every arrival its task, inside the open transaction.</summary>
    public static async Task ApplyAsync(DashboardDb db, IReadOnlyList<Arrival> arrivals, CancellationToken cancel)
    {
        var wanted = arrivals.GroupBy(arrival => (ConnectionId: arrival.Connection.Id, VendorId: arrival.Envelope.TaskId ?? "")).ToList();
        var identities = wanted.Select(group => Identity.OfTask(group.Key.VendorId)).DistinctBy(identity => new Guid(identity)).ToList();
        var known = await db.CallTasks.Where(row => identities.Contains(row.Identity)).ToListAsync(cancel);
        foreach (var group in wanted)
        {
            var identity = Identity.OfTask(group.Key.VendorId);
            var task = known.Find(row => row.ConnectionId == group.Key.ConnectionId && row.Identity.AsSpan().SequenceEqual(identity));
            if (task is null)
            {
                task = new CallTask { ConnectionId = group.Key.ConnectionId, VendorTaskId = VendorText.Safe(group.Key.VendorId)!, Identity = identity, FirstHeardAt = group.First().Delivery.ReceivedAt };
                db.Add(task);
            }

            foreach (var arrival in group)
            {
                Apply(arrival.Envelope, task, arrival.Delivery, TimeZoneInfo.FindSystemTimeZoneById(arrival.Connection.TimeZone));
                arrival.Task = task;
            }
        }

        await db.SaveChangesAsync(cancel);
        db.ChangeTracker.Clear();
    }

    /// <summary>Every envelope repeats the task. Field by field the newest delivery that says something wins; nothing ever empties a field.</summary>
    private static void Apply(CallEnvelope envelope, CallTask task, Delivery delivery, TimeZoneInfo zone)
    {
        var sources = JsonSerializer.Deserialize<SortedDictionary<string, long>>(task.SourcesJson)!;

        T? Pick<T>(string field, T? said, T? known)
        {
            if (said is null || (known is not null && delivery.Id < sources.GetValueOrDefault(field, task.EnvelopeDeliveryId)))
            {
                return known;
            }

            sources[field] = delivery.Id;
            return said;
        }

        string? Words(string field, string? said, string? known) => Pick(field, VendorText.Safe(said), known);

        DateTimeOffset? Time(string field, string? said, DateTimeOffset? known) => Pick(field, VendorTime.Read(said, zone)?.Instant, known);

        task.Name = Words(nameof(task.Name), envelope.TaskName, task.Name);
        task.Status = Words(nameof(task.Status), envelope.Status, task.Status);
        task.RobotHash = Words(nameof(task.RobotHash), envelope.RobotHash, task.RobotHash);
        task.RobotMethod = Words(nameof(task.RobotMethod), envelope.RobotMethod, task.RobotMethod);
        task.Line = Words(nameof(task.Line), envelope.SipLine, task.Line);
        task.RepeatInterval = Pick(nameof(task.RepeatInterval), envelope.RepeatInterval, task.RepeatInterval);
        task.RepeatNumber = Pick(nameof(task.RepeatNumber), envelope.RepeatNumber, task.RepeatNumber);
        task.CreatedAt = Time(nameof(task.CreatedAt), envelope.CreatedAt, task.CreatedAt);
        task.ScheduledFrom = Time(nameof(task.ScheduledFrom), envelope.ScheduleStartTime, task.ScheduledFrom);
        task.ScheduledTo = Time(nameof(task.ScheduledTo), envelope.ScheduleEndTime, task.ScheduledTo);
        task.WorkflowId = Words(nameof(task.WorkflowId), envelope.Workflow.WorkflowId, task.WorkflowId);
        task.WorkflowName = Words(nameof(task.WorkflowName), envelope.Workflow.WorkflowName, task.WorkflowName);
        task.SourcesJson = JsonSerializer.Serialize(sources);
        task.FirstHeardAt = task.FirstHeardAt < delivery.ReceivedAt ? task.FirstHeardAt : delivery.ReceivedAt;
        task.LastHeardAt = task.LastHeardAt > delivery.ReceivedAt ? task.LastHeardAt : delivery.ReceivedAt;
    }
}
