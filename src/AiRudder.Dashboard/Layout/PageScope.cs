using AiRudder.Dashboard.Calls;
using AiRudder.Dashboard.Connections;

namespace AiRudder.Dashboard.Layout;

/// <summary>
/// What the top bar says a page is about: which connections, which local days. Read from the address, handed to every page as a
/// cascading value; the names in the address are those of <see cref="CallFilter"/>.
/// </summary>
public sealed record PageScope
{
    /// <summary>All connections, by name.</summary>
    public required IReadOnlyList<Connection> Connections { get; init; }

    /// <summary>The one picked; null means all.</summary>
    public Connection? Chosen { get; init; }

    /// <summary>First local day, inclusive.</summary>
    public required DateOnly From { get; init; }

    /// <summary>Last local day, inclusive.</summary>
    public required DateOnly To { get; init; }

    /// <summary>The local day it is now, in the zone of the (first) connection shown.</summary>
    public required DateOnly Today { get; init; }

    /// <summary>Labels mean on every day what they mean now, not what they meant then.</summary>
    public bool MeaningsNow { get; init; }

    /// <summary>What in the address could not be understood, in words; null when nothing.</summary>
    public string? Problem { get; init; }

    public IReadOnlyList<Connection> Shown => Chosen is null ? Connections : [Chosen];

    public bool IsToday => From == Today && To == Today;

    public int Days => To.DayNumber - From.DayNumber + 1;

    public bool SeveralZones => Shown.Select(row => row.TimeZone).Distinct().Skip(1).Any();

    /// <summary>The zone of what is shown, in words.</summary>
    public string Zone => SeveralZones ? T("each in its own zone") : Shown.Count > 0 ? Shown[0].TimeZone : "UTC";

    /// <summary>Connection and days as a filter of calls.</summary>
    public CallFilter Filter => new() { From = From, To = To, Connection = Chosen?.Name, MeaningsNow = MeaningsNow ? true : null };

    public bool Includes(int connectionId) => Chosen is null || Chosen.Id == connectionId;

    /// <summary>Where days begin for the calls of a connection.</summary>
    public LocalDays DaysOf(int connectionId) => new(ZoneOf(connectionId));

    /// <summary>IANA id of the zone of a connection.</summary>
    public string ZoneOf(int connectionId) => Connections.FirstOrDefault(row => row.Id == connectionId)?.TimeZone ?? "UTC";

    /// <summary>The address of the calls behind a figure.</summary>
    public string Calls(Func<CallFilter, CallFilter>? narrow = null) => "/calls" + (narrow is null ? Filter : narrow(Filter)).ToQueryString();

    /// <summary>Another page about the same connection and days. "Today" stays unsaid, so that tomorrow it is tomorrow.</summary>
    public string Link(string path) => path + (IsToday ? new CallFilter { Connection = Chosen?.Name, MeaningsNow = MeaningsNow ? true : null } : Filter).ToQueryString();

    /// <summary>The same page about something else.</summary>
    public PageScope With(Connection? chosen) => this with { Chosen = chosen };

    /// <summary>Connections are compared by what a page shows of them, so that reading them again changes nothing.</summary>
    public bool Equals(PageScope? other) =>
        other is not null && From == other.From && To == other.To && Today == other.Today && Chosen?.Id == other.Chosen?.Id && MeaningsNow == other.MeaningsNow && Problem == other.Problem &&
        Connections.Select(Face).SequenceEqual(other.Connections.Select(Face));

    public override int GetHashCode() => HashCode.Combine(From, To, Today, Chosen?.Id, Connections.Count);

    private static (int Id, string Name, string TimeZone) Face(Connection row) => (row.Id, row.Name, row.TimeZone);
}
