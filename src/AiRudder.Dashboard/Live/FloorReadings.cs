using System.Globalization;
using AiRudder.Dashboard.Calls;
using AiRudder.Dashboard.CallTasks;
using AiRudder.Dashboard.Connections;
using AiRudder.Dashboard.Intentions;
using AiRudder.Dashboard.Layout;
using AiRudder.Dashboard.Metrics;

namespace AiRudder.Dashboard.Live;

/// <summary>
/// What open pages read again with every landing, read once for all that show the same. Everything here is masked alike for everybody, so
/// that what decides is only the filter.
/// </summary>
public sealed class FloorReadings
{
    /// <summary>A list read on from its end is read whole now and then: what became of older rows is not told by landings.</summary>
    private static readonly TimeSpan Whole = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan ComparisonFresh = TimeSpan.FromSeconds(30);

    private readonly TimeProvider time;
    private readonly Shared<FigureKey, Summary> summaries;
    private readonly Shared<FigureKey, HeldComparison> comparisons;
    private readonly Shared<CallFilter, IReadOnlyList<TaskRow>> tasks;
    private readonly Shared<StreamKey, HeldStream> streams;

    public FloorReadings(SummaryQuery figures, ComparisonQuery earlier, TaskQuery running, StreamQuery stream, LabelTable labels, StreamPress press, TimeProvider time)
    {
        this.time = time;
        summaries = new(time, TimeSpan.FromMilliseconds(400), (key, _) => figures.ReadAsync(key.Filter, key.Hours ? SlotPlan.Hours(key.From, key.To) : SlotPlan.Of(key.From, key.To)));
        comparisons = new(time, TimeSpan.Zero, (key, last) => CompareAsync(earlier, key, last));
        tasks = new(time, TimeSpan.FromSeconds(1), (filter, _) => running.ReadAsync(filter));
        streams = new(time, TimeSpan.FromMilliseconds(80), (key, last) => StreamAsync(stream, labels, press, key, last));
    }

    /// <summary>Figures of a filter over the days of a page, cut for its charts.</summary>
    public Task<Summary> SummaryAsync(PageScope scope, CallFilter filter, CancellationToken cancel) => summaries.ReadAsync(new(filter, scope.From, scope.To, false), cancel);

    /// <summary>The same by the hours of each day.</summary>
    public Task<Summary> HoursAsync(PageScope scope, CallFilter filter, CancellationToken cancel) => summaries.ReadAsync(new(filter, scope.From, scope.To, true), cancel);

    /// <summary>The period before; at most half a minute old.</summary>
    public async Task<Comparison> ComparisonAsync(PageScope scope, CallFilter filter, CancellationToken cancel) =>
        (await comparisons.ReadAsync(new(filter, scope.Today, scope.Today, false), cancel)).Value;

    public Task<IReadOnlyList<TaskRow>> TasksAsync(CallFilter filter, CancellationToken cancel) => tasks.ReadAsync(filter, cancel);

    /// <summary>The newest rows of the stream, drawn in the language of who asks.</summary>
    public async Task<DrawnStream> StreamAsync(PageScope scope, bool mayListen, CancellationToken cancel) =>
        (await streams.ReadAsync(new(scope.Shown, scope.From, scope.To >= scope.Today ? null : scope.To, mayListen), cancel)).Drawn;

    private async Task<HeldComparison> CompareAsync(ComparisonQuery earlier, FigureKey key, HeldComparison? last) =>
        last is not null && last.At > time.GetUtcNow() - ComparisonFresh ? last : new(time.GetUtcNow(), await earlier.ReadAsync(key.Filter, key.From, CancellationToken.None));

    private async Task<HeldStream> StreamAsync(StreamQuery stream, LabelTable labels, StreamPress press, StreamKey key, HeldStream? last)
    {
        var now = time.GetUtcNow();
        var after = last is not null && last.WholeAt > now - Whole ? last : null;
        var newest = after is { Rows: [{ } top, ..] } ? top.Sequence : 0;
        var fresh = await stream.ReadAsync(key.Connections, key.From, key.To, newest, CancellationToken.None);
        var rows = after is null ? fresh : fresh.Count == 0 ? after.Rows : StreamQuery.Order(fresh.Concat(after.Rows));
        var drawn = await press.DrawAsync(rows, key.ZoneOf, await labels.ReadAsync(), key.MayListen, last?.Drawn ?? DrawnStream.Empty);
        return new(rows, after?.WholeAt ?? now, drawn);
    }

    private sealed record FigureKey(CallFilter Filter, DateOnly From, DateOnly To, bool Hours);

    private sealed record HeldComparison(DateTimeOffset At, Comparison Value);

    private sealed record HeldStream(IReadOnlyList<StreamRow> Rows, DateTimeOffset WholeAt, DrawnStream Drawn);

    /// <summary>Connections are told apart by what decides about their rows, readers by what decides how they see them.</summary>
    private sealed class StreamKey(IReadOnlyList<Connection> connections, DateOnly from, DateOnly? to, bool mayListen) : IEquatable<StreamKey>
    {
        private readonly string name = string.Join('|', connections.Select(row => FormattableString.Invariant($"{row.Id} {row.TimeZone}"))) +
            FormattableString.Invariant($"|{from:O}|{to:O}|{mayListen}|{CultureInfo.CurrentCulture.Name}|{CultureInfo.CurrentUICulture.Name}");

        public IReadOnlyList<Connection> Connections => connections;

        public string ZoneOf(int connectionId) => connections.First(row => row.Id == connectionId).TimeZone;

        public bool MayListen => mayListen;

        public DateOnly From => from;

        public DateOnly? To => to;

        public bool Equals(StreamKey? other) => other?.name == name;

        public override bool Equals(object? obj) => Equals(obj as StreamKey);

        public override int GetHashCode() => StringComparer.Ordinal.GetHashCode(name);
    }
}
