using AiRudder.Dashboard.Accounts;
using AiRudder.Dashboard.Alerts;
using AiRudder.Dashboard.Calls;
using AiRudder.Dashboard.CallTasks;
using AiRudder.Dashboard.Connections;
using AiRudder.Dashboard.Intentions;
using AiRudder.Dashboard.Languages;
using AiRudder.Dashboard.Layout;
using AiRudder.Dashboard.Lines;
using AiRudder.Dashboard.Live;
using AiRudder.Dashboard.Metrics;
using AiRudder.Dashboard.Operations;
using AiRudder.Dashboard.Recordings;
using AiRudder.Dashboard.Reviews;
using AiRudder.Dashboard.Storage;
using AiRudder.Dashboard.Webhooks;

LanguageServices.SpeakEnglishUntilAsked();
var builder = WebApplication.CreateBuilder(new WebApplicationOptions
{
    // What a verb works on is no setting.
    Args = Verbs.SettingsOf(args),

    // The settings that belong to the product lie beside it, wherever it is started from.
    ContentRootPath = AppContext.BaseDirectory,
});
builder.WebHost.UseStaticWebAssets();
if (builder.Configuration[WebHostDefaults.ServerUrlsKey] is not { Length: > 0 })
{
    // Here and not in appsettings.json, which would win over ASPNETCORE_URLS.
    builder.WebHost.UseUrls("http://localhost:5080");
}

await using var demo = await Demo.PrepareAsync(builder, args);
var problems = SettingsCheck.Problems(builder.Configuration);
if (problems.Count > 0)
{
    foreach (var problem in problems)
    {
        await Console.Error.WriteLineAsync(problem);
    }

    return SettingsCheck.ExitCode;
}

var role = NodeRoles.Of(builder.Configuration);
builder.Services.AddSingleton(TimeProvider.System);
builder.Services.AddStorage(builder.Configuration);
builder.Services.AddAccounts(builder.Configuration);
builder.Services.AddAirudderConnections();
builder.Services.AddWebhooks(builder.Configuration, role);
builder.Services.AddCalls();
builder.Services.AddCallWorkers(role);
builder.Services.AddCallTasks();
builder.Services.AddIntentions();
builder.Services.AddMetricFigures();
builder.Services.AddSingleton<LineQuery>();
builder.Services.AddAlerts(role);
builder.Services.AddRecordings();
builder.Services.AddRecordingInsurance(builder.Configuration, role);
builder.Services.AddReviews(role);
builder.Services.AddLive();
builder.Services.AddHealth();
builder.Services.AddPages();

var app = builder.Build();
if (Verbs.Of(args) is { } verb)
{
    return await Verbs.RunAsync(verb, app, args);
}

app.UseKnownProxies();
app.UseAccounts();
app.UseLanguages();
app.MapHealth();
if (role.Receives())
{
    app.MapWebhooks();
}

if (role.Shows())
{
    app.MapAccounts();
    app.MapDeliveries();
    app.MapCalls();
    app.MapCallTasks();
    app.MapIntentions();
    app.MapMetrics();
    app.MapAlerts();
    app.MapRecordings();
    app.MapReviews();
    app.MapLive();
    app.MapPages();
}

try
{
    await app.PrepareStorageAsync();
}
catch (DataDirectoryException error)
{
    await Console.Error.WriteLineAsync(error.Message);
    return Verbs.Failed;
}

var token = await ConnectionSettings.ApplyAsync(app.Services, app.Configuration, CancellationToken.None);
app.SayWhereToGo(token);
if (demo is not null)
{
    await demo.StartAsync(app);
}

await app.RunAsync();
return 0;
