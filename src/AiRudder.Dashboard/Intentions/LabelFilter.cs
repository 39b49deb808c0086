using AiRudder.Dashboard.Calls;
using AiRudder.Dashboard.Storage;

namespace AiRudder.Dashboard.Intentions;

/// <summary>Calls by what their label means. The rules are those of <see cref="LabelLooks"/>, said to the database.</summary>
public static class LabelFilter
{
    /// <summary>
    /// The calls whose label means this. In force at a moment is the newest row that had begun, of the robot itself before one for all
    /// robots of the connection.
    /// </summary>
    /// <param name="calls">Of these calls.</param>
    /// <param name="db">Where the table is.</param>
    /// <param name="meaning">One class, or <see cref="Meaning.None"/> for calls whose label means nothing.</param>
    /// <param name="now">Not what was in force when the call was, but what is now.</param>
    public static IQueryable<Call> WithMeaning(this IQueryable<Call> calls, DashboardDb db, Meaning meaning, bool now)
    {
        var latest = now ? DateTimeOffset.MaxValue : DateTimeOffset.MinValue;
        var any = (Meaning)~0;
        var wanted = meaning == Meaning.None ? any : meaning;
        var having =
            from call in calls
            where db.LabelMeanings.Any(row =>
                row.ConnectionId == call.ConnectionId && row.Label == call.Label && (row.RobotHash == null || row.RobotHash == call.RobotHash) &&
                (row.ValidFrom <= call.OccurredAt || row.ValidFrom <= latest) && (row.Meanings & wanted) != 0 &&
                !db.LabelMeanings.Any(other =>
                    other.ConnectionId == row.ConnectionId && other.Label == row.Label && (other.RobotHash == null || other.RobotHash == call.RobotHash) &&
                    (other.ValidFrom <= call.OccurredAt || other.ValidFrom <= latest) &&
                    ((other.RobotHash != null && row.RobotHash == null) ||
                        (((other.RobotHash == null && row.RobotHash == null) || (other.RobotHash != null && row.RobotHash != null)) && other.ValidFrom > row.ValidFrom))))
            select call;
        return meaning == Meaning.None ? calls.Where(call => !having.Any(one => one.Id == call.Id)) : having;
    }
}
