namespace AiRudder.Dashboard.Recordings;

/// <summary>
/// How far the times of a robot's transcripts lie beside its recordings: added to a turn's time, it gives the second of the sound. It is
/// the robot's, so it is the same for everybody.
/// </summary>
public sealed class RobotNudge
{
    /// <summary>Longest robot hash that can be remembered.</summary>
    public const int HashLength = 100;

    /// <summary>Farther than this, text and sound are not of the same call. Seconds.</summary>
    public const double Most = 30;

    public int ConnectionId { get; set; }

    public required string RobotHash { get; set; }

    public double Seconds { get; set; }
}
