using AiRudder.Dashboard.Alerts;
using AiRudder.Dashboard.Metrics;

namespace AiRudder.Dashboard.Operations;

/// <summary>Rules that the demonstration's traffic meets now and then.</summary>
internal static class DemoAlerts
{
    public static AlertRule[] For(DateTimeOffset now) =>
    [
        new() { Name = "Few answer", Kind = AlertKind.Figure, Figure = Figures.AnswerRate, Threshold = 0.35, Recover = 0.4, LeastN = 50, Provisional = true, HoldMinutes = 5, Sound = true, ChangedAt = now, ChangedBy = "demo" },
        new() { Name = "Silence", Kind = AlertKind.Silence, Threshold = 15, DialFrom = 8 * 60, DialTo = 20 * 60, ChangedAt = now, ChangedBy = "demo" },
        new() { Name = "Record contradicts itself", Kind = AlertKind.Call, Contradiction = true, ChangedAt = now, ChangedBy = "demo" },
    ];
}
