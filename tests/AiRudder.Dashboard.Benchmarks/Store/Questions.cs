using AiRudder.Dashboard.Calls;
using AiRudder.Dashboard.CallTasks;
using AiRudder.Dashboard.Connections;
using AiRudder.Dashboard.Intentions;
using AiRudder.Dashboard.Metrics;
using AiRudder.Dashboard.Metrics.Rollups;
using AiRudder.Dashboard.Storage;
using Microsoft.EntityFrameworkCore;

namespace AiRudder.Dashboard.Benchmarks.Store;

/// <summary>What the pages ask of a generated store, on its last day.</summary>
internal sealed class Questions
{
    private const int FarPage = 200;

    private readonly StoreFolder folder;
    private readonly SummaryQuery summaries;
    private readonly TaskQuery tasks;
    private readonly TaskDetailQuery details;
    private readonly CallQueries calls;
    private readonly LocalDays days = new(StoreGenerator.TimeZone);
    private readonly DateOnly today;
    private readonly (int Id, string Vendor) task;
    private CallCursor? far;

    private Questions(StoreFolder folder, DateOnly today, (int, string) task)
    {
        (this.folder, this.today, this.task) = (folder, today, task);
        summaries = new(folder.Contexts, folder.Labels);
        tasks = new(folder.Contexts, folder.Labels, TimeProvider.System);
        details = new(folder.Contexts, tasks, summaries);
        calls = new(folder.Contexts, folder.Labels);
    }

    public static async Task<Questions> OfAsync(StoreFolder folder)
    {
        await using var db = await folder.Contexts.CreateDbContextAsync();
        var newest = await db.Calls.OrderByDescending(call => call.OccurredAt).Select(call => new { call.OccurredAt, call.CallTaskId }).FirstAsync();
        var vendor = await db.CallTasks.Where(row => row.Id == newest.CallTaskId).Select(row => row.VendorTaskId).SingleAsync();
        return new Questions(folder, new LocalDays(StoreGenerator.TimeZone).DayOf(newest.OccurredAt), (newest.CallTaskId, vendor));
    }

    /// <summary>All of them; those of one page far down need to get there first.</summary>
    public async Task<IReadOnlyList<Question>> AllAsync()
    {
        var (day, month, year) = (Last(1), Last(30), Last(Traffic.Days));
        var noon = days.At(today.ToDateTime(new TimeOnly(12, 7)));
        var labelled = new CallFilter { Label = "B", Connected = true };
        far = await WalkAsync(new CallFilter(), FarPage);
        return
        [
            new("summary, one day by quarters", () => SummaryAsync(day), Summary(day, 900_000)),
            new("summary, 30 days", () => SummaryAsync(month), Summary(month, 86_400_000)) { IsThirtyDays = true },
            new("summary, 12 months by weeks", () => SummaryAsync(year), Summary(year, 7 * 86_400_000L)),
            new("one day up to seven past noon", () => summaries.ReadAsync(day, until: noon), Summary(day, 86_400_000, noon)),
            new("tasks of one day", () => tasks.ReadAsync(day), TaskList(day)),
            new("tasks of 30 days", () => tasks.ReadAsync(month), TaskList(month)),
            new("one task, its whole life", () => details.FindAsync(task.Vendor, new CallFilter(), default), OneTask()),
            new("intentions, 30 days by day", () => SummaryAsync(month), $"SELECT (began - {Start(month)}) / 86400000 AS slot, robot, label, count(*) FROM c WHERE {Within(month)} AND connected = 1 GROUP BY 1, 2, 3"),
            new("weekday by hour, 30 days", () => HeatAsync(month), $"SELECT ((began + 25200000) / 86400000) % 7 AS weekday, ((began + 25200000) / 3600000) % 24 AS hour, count(*), sum(connected) FROM c WHERE {Within(month)} GROUP BY 1, 2"),
            new("newest 50", () => ListAsync(new CallFilter()), List("1 = 1")) { IsPanel = false, Target = "T14" },
            new("newest 50 of a label, connected", () => ListAsync(labelled), List("label = 'B' AND connected = 1")) { IsPanel = false, Target = "T14" },
            new($"50 on page {FarPage}, by keyset", () => ListAsync(new CallFilter(), far), List("1 = 1", FarPage * 50)) { IsPanel = false, Target = "T15" },
            new("newest 50 of a label nobody has", () => ListAsync(new CallFilter { Label = "Q" }), List("label = 'Q'")) { IsPanel = false, Target = "T15b" },
            new("newest 50 with a word in the talk", () => ListAsync(new CallFilter { Q = "salary" })) { IsPanel = false, Target = "T16" },
            new("the same within a task", () => ListAsync(new CallFilter { Q = "salary", Task = task.Vendor })) { IsPanel = false, Target = "T16b" },
        ];
    }

    private CallFilter Last(int count) => new() { From = today.AddDays(1 - count), To = today };

    private Task SummaryAsync(CallFilter filter) => summaries.ReadAsync(filter, SlotPlan.Of(filter.From!.Value, filter.To!.Value));

    private Task ListAsync(CallFilter filter, CallCursor? cursor = null) => calls.ListAsync(new CallsWanted(filter, CallSort.Newest, cursor), default);

    private async Task<CallCursor?> WalkAsync(CallFilter filter, int pages)
    {
        var walked = await calls.ListAsync(new CallsWanted(filter, CallSort.Newest, null, pages * 50), default);
        return walked.Next is { } next ? CallCursor.Parse(next, CallSort.Newest).Cursor : null;
    }

    /// <summary>As a task's page has it, of all tasks.</summary>
    private async Task HeatAsync(CallFilter filter)
    {
        await using var db = await folder.Contexts.CreateDbContextAsync();
        var connections = await db.Connections.AsNoTracking().ToListAsync();
        var scope = new RollupScope { Connections = connections.ConvertAll(row => row.Id), Days = days, From = filter.From, To = filter.To };
        var cells = new Dictionary<(DayOfWeek Day, int Hour), (long Attempts, long Connected)>();
        foreach (var row in await RollupReader.Attempts(db, scope).ToListAsync())
        {
            var local = days.ToLocal(RollupDeltas.StartOf(row.Slot));
            var cell = cells.GetValueOrDefault((local.DayOfWeek, local.Hour));
            cells[(local.DayOfWeek, local.Hour)] = (cell.Attempts + row.Attempts, cell.Connected + row.Connected);
        }
    }

    private long Start(CallFilter filter) => days.StartOf(filter.From!.Value).ToUnixTimeMilliseconds();

    private string Within(CallFilter filter, DateTimeOffset? until = null) =>
        Targets.Text($"c.began >= {Start(filter)} AND c.began < {(until ?? days.StartOf(filter.To!.Value.AddDays(1))).ToUnixTimeMilliseconds()}");

    private const string Sums =
        "count(*), sum(connected), sum(CASE WHEN connected = 1 THEN duration END), sum(CASE WHEN connected = 1 THEN talk END), sum(CASE WHEN connected = 1 THEN rounds END), " +
        "sum(CASE WHEN connected = 1 AND duration <= 6 THEN 1 ELSE 0 END), sum(CASE WHEN connected = 1 AND spoke = 0 THEN 1 ELSE 0 END), sum(asked), sum(taken), sum(contradicts)";

    private const string Numbers = "count(DISTINCT callee), count(DISTINCT CASE WHEN connected = 1 THEN callee END)";

    private string[] Summary(CallFilter filter, long width, DateTimeOffset? until = null) =>
    [
        Targets.Text($"SELECT (c.began - {Start(filter)}) / {width} AS slot, robot, label, {Sums} FROM c WHERE {Within(filter, until)} GROUP BY 1, 2, 3"),
        Targets.Text($"SELECT (d.began - {Start(filter)}) / {width} AS slot, count(*), sum(d.connected), sum(d.ring), count(d.ring) FROM d JOIN c ON c.id = d.ofcall WHERE {Within(filter, until)} GROUP BY 1"),
        $"SELECT task, {Numbers} FROM c WHERE {Within(filter, until)} GROUP BY 1",
        $"SELECT count(*) FROM (SELECT DISTINCT callee, (c.began + 25200000) / 86400000 AS day FROM c JOIN m ON m.robot = c.robot AND m.label = c.label WHERE {Within(filter, until)} AND c.connected = 1 AND m.promise = 1) AS promises",
    ];

    private string[] TaskList(CallFilter filter) =>
    [
        $"SELECT task, robot, label, {Sums} FROM c WHERE {Within(filter)} GROUP BY 1, 2, 3",
        $"SELECT c.task, count(*), sum(d.connected) FROM d JOIN c ON c.id = d.ofcall WHERE {Within(filter)} GROUP BY 1",
        $"SELECT task, {Numbers} FROM c WHERE {Within(filter)} GROUP BY 1",
    ];

    private string[] OneTask() =>
    [
        Targets.Text($"SELECT label, {Sums} FROM c WHERE task = {task.Id} GROUP BY 1"),
        Targets.Text($"SELECT {Numbers} FROM c WHERE task = {task.Id}"),
        Targets.Text($"SELECT d.ordinal, count(*), sum(d.connected) FROM d JOIN c ON c.id = d.ofcall WHERE c.task = {task.Id} GROUP BY 1"),
        Targets.Text($"SELECT d.ringtype, count(*), sum(d.connected) FROM d JOIN c ON c.id = d.ofcall WHERE c.task = {task.Id} GROUP BY 1"),
        Targets.Text($"SELECT hanguptype, hangupby, count(*) FROM c WHERE task = {task.Id} AND connected = 1 GROUP BY 1, 2"),
    ];

    private static string List(string where, int offset = 0) => Targets.Text($"SELECT * FROM c WHERE {where} ORDER BY began DESC, id DESC LIMIT 50 OFFSET {offset}");
}
