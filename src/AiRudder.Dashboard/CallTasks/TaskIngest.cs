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

    /// <summary>
    /// Every envelope repeats the task. One that arrived earlier than what is known only fills what is empty; nothing ever empties a
    /// field.
    /// </summary>
    private static void Apply(CallEnvelope envelope, CallTask task, Delivery delivery, TimeZoneInfo zone)
    {
        var newer = delivery.Id >= task.EnvelopeDeliveryId;

        T? Pick<T>(T? said, T? known) => newer ? said ?? known : known ?? said;

        string? Words(string? said, string? known) => Pick(VendorText.Safe(said), known);

        task.Name = Words(envelope.TaskName, task.Name);
        task.Status = Words(envelope.Status, task.Status);
        task.RobotHash = Words(envelope.RobotHash, task.RobotHash);
        task.RobotMethod = Words(envelope.RobotMethod, task.RobotMethod);
        task.Line = Words(envelope.SipLine, task.Line);
        task.RepeatInterval = Pick(envelope.RepeatInterval, task.RepeatInterval);
        task.RepeatNumber = Pick(envelope.RepeatNumber, task.RepeatNumber);
        task.CreatedAt = Pick(VendorTime.Read(envelope.CreatedAt, zone)?.Instant, task.CreatedAt);
        task.ScheduledFrom = Pick(VendorTime.Read(envelope.ScheduleStartTime, zone)?.Instant, task.ScheduledFrom);
        task.ScheduledTo = Pick(VendorTime.Read(envelope.ScheduleEndTime, zone)?.Instant, task.ScheduledTo);
        task.WorkflowId = Words(envelope.Workflow.WorkflowId, task.WorkflowId);
        task.WorkflowName = Words(envelope.Workflow.WorkflowName, task.WorkflowName);
        task.EnvelopeDeliveryId = Math.Max(task.EnvelopeDeliveryId, delivery.Id);
        task.FirstHeardAt = task.FirstHeardAt < delivery.ReceivedAt ? task.FirstHeardAt : delivery.ReceivedAt;
        task.LastHeardAt = task.LastHeardAt > delivery.ReceivedAt ? task.LastHeardAt : delivery.ReceivedAt;
    }
}
