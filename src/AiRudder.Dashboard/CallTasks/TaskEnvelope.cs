using AiRudder.Dashboard.Webhooks;
using AiRudder.Dashboard.Webhooks.Wire;

namespace AiRudder.Dashboard.CallTasks;

/// <summary>What the envelope of a call body says of its task.</summary>
public static class TaskEnvelope
{
    /// <summary>
    /// Every envelope repeats the task. One that arrived earlier than what is known only fills what is empty; nothing ever empties a
    /// field.
    /// </summary>
    public static void ApplyTo(this CallEnvelope envelope, CallTask task, Delivery delivery, TimeZoneInfo zone)
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
