using AiRudder.Dashboard.Intentions;

namespace AiRudder.Dashboard.Calls;

/// <summary>What a label meant when the call happened: the robot's own row before one for all robots, the latest that was valid.</summary>
public sealed class LabelLookup(IEnumerable<LabelMeaning> meanings)
{
    private readonly ILookup<(int Connection, string Label), LabelMeaning> rows = meanings.ToLookup(row => (row.ConnectionId, row.Label));

    public LabelMeaning? Of(int connection, string? robot, string? label, DateTimeOffset at) => label is null
        ? null
        : rows[(connection, label)]
            .Where(row => row.ValidFrom <= at && (row.RobotHash is null || row.RobotHash == robot))
            .OrderByDescending(row => row.RobotHash is not null)
            .ThenByDescending(row => row.ValidFrom)
            .FirstOrDefault();
}
