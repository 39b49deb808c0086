namespace AiRudder.Dashboard.Webhooks.Watch;

/// <summary>Something that must not be overlooked.</summary>
/// <param name="Tone">Class of the line: "bad" loses calls, "warn" may come to that.</param>
/// <param name="Words">What is the matter.</param>
/// <param name="Tab">Part of the page that says more; null when this is all.</param>
/// <param name="Name">Which alarm it is, for those that rules name.</param>
public sealed record FeedAlarm(string Tone, string Words, string? Tab = null, string? Name = null);

/// <summary>Decides what is an alarm.</summary>
public static class FeedAlarms
{
    public const string Storing = "storing";
    public const string Quarantine = "quarantine";
    public const string Disk = "disk";
    public const string RetiredToken = "retired-token";

    /// <summary>Share of the disk that must be free.</summary>
    public const double LeastFree = 0.15;

    private const double NearlyFull = 0.05;

    /// <summary>Several missed beats.</summary>
    private static readonly TimeSpan NoBeat = TimeSpan.FromMinutes(1);

    private static readonly TimeSpan RetiredLately = TimeSpan.FromDays(1);

    private static readonly string GivesUp = Noted("Deliveries cannot be stored since {0}: AIRUDDER gives up the first of them at {1} UTC.");
    private static readonly string Losing = Noted("Deliveries cannot be stored since {0} UTC, longer than AIRUDDER tries: calls are being lost.");
    private static readonly string Silent = Noted("No node has said for {0} that it can receive.");
    private static readonly string OneTaskRuns = Noted("Nothing received for {1} while {0} task runs.");
    private static readonly string TasksRun = Noted("Nothing received for {1} while {0} tasks run.");
    private static readonly string OneGap = Noted("Calls may be missing: {0} time in which nothing could be received is not settled.");
    private static readonly string SomeGaps = Noted("Calls may be missing: {0} times in which nothing could be received are not settled.");
    private static readonly string OneRefused = Noted("{0} delivery of the last hour could not be understood.");
    private static readonly string SomeRefused = Noted("{0} deliveries of the last hour could not be understood.");
    private static readonly string DiskFull = Noted("The disk is nearly full: {0:0.#} % left ({1}); a full disk refuses every delivery.");
    private static readonly string RetiredUsed = Noted("A retired webhook address was used, last {0} ago: whoever posts there is refused and loses the call.");
    private static readonly string LateZone = Noted("Connected calls arrive {0} after they ended, steadily: the time zone of the connection is probably set wrong.");
    private static readonly string EarlyZone = Noted("Connected calls arrive {0} before they ended, steadily: the time zone of the connection is probably set wrong.");

    /// <summary>All there may be, for whoever keeps them.</summary>
    public static readonly IReadOnlyList<string> Sentences = [GivesUp, Losing, Silent, OneTaskRuns, TasksRun, OneGap, SomeGaps, OneRefused, SomeRefused, DiskFull, RetiredUsed, LateZone, EarlyZone];

    public static IReadOnlyList<FeedAlarm> Of(FeedReading reading, DateTimeOffset now, TimeSpan quietAlarm)
    {
        var (pulse, picture) = (reading.Pulse, reading.Picture);
        var alarms = new List<FeedAlarm>();
        if (reading.AbsentSince is { } since)
        {
            var window = since + Gaps.ReceivingGap.RetryWindow;
            alarms.Add(new("bad", now < window
                ? T(GivesUp, Words.Time(since), Words.Time(window))
                : T(Losing, Words.Time(since)), Name: Storing));
        }
        else if (picture.Receivers.LastBeat is { } beat && now - beat > NoBeat)
        {
            alarms.Add(new("bad", T(Silent, Words.Long(now - beat)), FeedTab.Gaps, Storing));
        }

        if (pulse.RunningTasks > 0 && pulse.LastAt is { } last && now - last > quietAlarm)
        {
            alarms.Add(new("bad", T(pulse.RunningTasks, OneTaskRuns, TasksRun, Words.Long(now - last))));
        }

        var open = picture.Gaps.Count(view => view.Gap is { MayHaveLost: true, State: Gaps.GapState.Open });
        if (open > 0)
        {
            alarms.Add(new("bad", T(open, OneGap, SomeGaps), FeedTab.Gaps));
        }

        if (pulse.QuarantinedLastHour > 0)
        {
            alarms.Add(new("warn", T(pulse.QuarantinedLastHour, OneRefused, SomeRefused), FeedTab.Quarantine, Quarantine));
        }

        if (picture.Receivers.Disk is { } disk && (double)disk.Free / disk.Total is var share && share < LeastFree)
        {
            alarms.Add(new(share < NearlyFull ? "bad" : "warn", T(DiskFull, share * 100, Words.Bytes(disk.Free)), Name: Disk));
        }

        if (picture.Receivers.RetiredTokenAt is { } retired && now - retired < RetiredLately)
        {
            alarms.Add(new("warn", T(RetiredUsed, Words.Long(now - retired)), FeedTab.Refused, RetiredToken));
        }

        alarms.AddRange(picture.Lag.WrongZone.Select(it => new FeedAlarm(
            "warn",
            it.Value > TimeSpan.Zero
                ? T(LateZone, Words.Long(it.Value.Duration()))
                : T(EarlyZone, Words.Long(it.Value.Duration())),
            FeedTab.Feed)));
        return alarms;
    }
}

/// <summary>Parts of the deliveries page, as they stand in its address.</summary>
public static class FeedTab
{
    public const string Received = "received";
    public const string Feed = "feed";
    public const string Gaps = "gaps";
    public const string Quarantine = "quarantine";
    public const string Novelties = "novelties";
    public const string Refused = "refused";
}
