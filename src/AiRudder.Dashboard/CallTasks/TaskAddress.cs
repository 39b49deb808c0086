namespace AiRudder.Dashboard.CallTasks;

/// <summary>Addresses of task pages: AIRUDDER's id may hold anything.</summary>
public static class TaskAddress
{
    public static string Of(string vendorTaskId) => $"/tasks/{Uri.EscapeDataString(vendorTaskId)}";
}
