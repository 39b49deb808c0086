using AiRudder.Dashboard.Accounts;
using AiRudder.Dashboard.Calls;
using AiRudder.Dashboard.CallTasks;
using AiRudder.Dashboard.Connections;
using AiRudder.Dashboard.Intentions;
using AiRudder.Dashboard.Layout;
using AiRudder.Dashboard.Live;
using AiRudder.Dashboard.Metrics;
using AiRudder.Dashboard.Operations;
using AiRudder.Dashboard.Recordings;
using AiRudder.Dashboard.Storage;
using AiRudder.Dashboard.Webhooks;

var builder = WebApplication.CreateBuilder(new WebApplicationOptions
{
    Args = args,

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
builder.Services.AddCallTasks();
builder.Services.AddIntentions();
builder.Services.AddMetricFigures();
builder.Services.AddRecordings();
builder.Services.AddLive();
builder.Services.AddHealth();
builder.Services.AddPages();

var app = builder.Build();
if (Verbs.Of(args) is { } verb)
{
    return await Verbs.RunAsync(verb, app);
}

app.UseKnownProxies();
app.UseAccounts();
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
    app.MapRecordings();
    app.MapLive();
    app.MapPages();
}

await app.PrepareStorageAsync();
var token = await ConnectionSettings.ApplyAsync(app.Services, app.Configuration, CancellationToken.None);
app.SayWhereToGo(token);
if (demo is not null)
{
    await demo.StartAsync(app);
}

await app.RunAsync();
return 0;
