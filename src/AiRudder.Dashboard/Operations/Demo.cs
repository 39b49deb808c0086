using AiRudder.Dashboard.Accounts;
using AiRudder.Dashboard.Connections;
using AiRudder.Dashboard.Intentions;
using AiRudder.Dashboard.Reviews;
using AiRudder.Dashboard.Storage;
using AiRudder.Simulator;
using Microsoft.EntityFrameworkCore;

namespace AiRudder.Dashboard.Operations;

/// <summary>
/// <c>--demo</c>: a throw-away installation with people, a connection, some days of history and live traffic. All calls come from
/// the simulator over HTTP, like the vendor's; nothing is written past the door.
/// </summary>
public sealed class Demo : IAsyncDisposable
{
    private const string ConnectionName = "Pinjaman Cepat (demo)";
    private const string Zone = "Asia/Jakarta";

    private static readonly TimeSpan History = TimeSpan.FromDays(4);

    private static readonly (string Email, Role Role)[] People =
        [("supervisor@demo.example", Role.Supervisor), ("qa@demo.example", Role.Qa), ("admin@demo.example", Role.Administrator)];

    private readonly string folder = Directory.CreateTempSubdirectory("airudder-demo-").FullName;
    private readonly string token = ConnectionSettings.NewToken();
    private readonly string password = $"demo-{ConnectionSettings.NewToken()[..12]}";
    private readonly CancellationTokenSource stop = new();
    private readonly RecordingServer recordings;
    private Task traffic = Task.CompletedTask;

    private Demo(RecordingServer recordings) => this.recordings = recordings;

    /// <summary>Starts the recordings' server and puts the demo's settings over all others. Null when no demo is asked for.</summary>
    public static async Task<Demo?> PrepareAsync(WebApplicationBuilder builder, string[] args)
    {
        if (!args.Contains("--demo"))
        {
            return null;
        }

        var demo = new Demo(await RecordingServer.StartAsync());
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["DataDirectory"] = demo.folder,
            ["Storage:Provider"] = nameof(StorageProvider.Sqlite),
            ["ConnectionStrings:Dashboard"] = "",
            ["Connections:0:Name"] = ConnectionName,
            ["Connections:0:Token"] = demo.token,
            ["Connections:0:TimeZone"] = Zone,
            ["Connections:0:Country"] = "ID",
            ["Recordings:AllowedHosts:0"] = demo.recordings.BaseAddress.Authority,
            ["Recordings:AllowInsecureDevelopmentHosts"] = "true",
        });
        return demo;
    }

    /// <summary>Makes the people and label meanings, and lets traffic begin as soon as the server listens.</summary>
    public async Task StartAsync(WebApplication app)
    {
        var people = app.Services.GetRequiredService<People>();
        foreach (var (email, role) in People)
        {
            if (await people.CreateAsync(email, role, password, oneTime: false) is { Count: > 0 } problems)
            {
                throw new InvalidOperationException(string.Join(" ", problems));
            }
        }

        await using var db = await app.Services.GetRequiredService<IDbContextFactory<DashboardDb>>().CreateDbContextAsync();
        var connection = await db.Connections.SingleAsync(row => row.Name == ConnectionName);
        db.LabelMeanings.AddRange(DemoLabels.For(connection.Id));
        db.AddRange(DemoAlerts.For(app.Services.GetRequiredService<TimeProvider>().GetUtcNow()));
        await db.SaveChangesAsync();
        await ReviewExamples.AddAsync(app.Services.GetRequiredService<Scorecards>(), "demo", CancellationToken.None);

        var rules = app.Services.GetRequiredService<QueueRules>();
        foreach (var rule in new[]
                 {
                     new QueueRule { Name = "Transfer failed", Kind = QueueRuleKind.TransferFailed, Enabled = true, DueDays = 2, CreatedBy = "demo" },
                     new QueueRule { Name = "Callee hung up at once", Kind = QueueRuleKind.CalleeHungUpEarly, Enabled = true, SharePercent = 30, DailyCap = 10, CreatedBy = "demo" },
                 })
        {
            if (await rules.AddAsync(rule, CancellationToken.None) is { } problem)
            {
                throw new InvalidOperationException(problem);
            }
        }

        app.Lifetime.ApplicationStarted.Register(() => traffic = RunAsync(app));
        app.Lifetime.ApplicationStopping.Register(stop.Cancel);
    }

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        await traffic;
        await recordings.DisposeAsync();
        stop.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    private async Task RunAsync(WebApplication app)
    {
        var address = Welcome.Address(app);
        Console.WriteLine("  Demonstration people (one password for all):");
        foreach (var (email, role) in People)
        {
            Console.WriteLine($"    {email,-26} {role}");
        }

        Console.WriteLine($"    password                   {password}");
        Console.WriteLine($"  Everything is kept in {folder} and removed when the demo ends.");
        Console.WriteLine();

        var time = app.Services.GetRequiredService<TimeProvider>();
        using var http = new HttpClient { Timeout = TimeSpan.FromSeconds(10) };
        var simulated = new Traffic(
            new TrafficOptions
            {
                Webhook = new Uri($"{address}/webhooks/airudder/{token}"),
                Recordings = recordings.BaseAddress,
                Countries = ["ID"],
                Zone = TimeZoneInfo.FindSystemTimeZoneById(Zone),
                History = History,
                CallsPerMinute = 24,
                Seed = 7,
            },
            http,
            time);
        try
        {
            await simulated.RunHistoryAsync(null, stop.Token);
            Console.WriteLine($"  {simulated.Progress.Calls:N0} calls of the last days are in; live traffic begins.");
            await simulated.RunLiveAsync(stop.Token);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // The demo ends.
        }
        catch (Exception error)
        {
            await Console.Error.WriteLineAsync($"The demonstration's traffic stopped: {error.Message}");
        }
    }
}
