using AiRudder.Dashboard;
using AiRudder.Dashboard.Accounts;
using AiRudder.Dashboard.Calls;
using AiRudder.Dashboard.CallTasks;
using AiRudder.Dashboard.Connections;
using AiRudder.Dashboard.Intentions;
using AiRudder.Dashboard.Layout;
using AiRudder.Dashboard.Live;
using AiRudder.Dashboard.Metrics;
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

builder.Services.AddSingleton(TimeProvider.System);
builder.Services.AddStorage(builder.Configuration);
builder.Services.AddAccounts(builder.Configuration);
builder.Services.AddAirudderConnections();
builder.Services.AddWebhooks();
builder.Services.AddCalls();
builder.Services.AddCallTasks();
builder.Services.AddIntentions();
builder.Services.AddMetricFigures();
builder.Services.AddRecordings();
builder.Services.AddLive();
builder.Services.AddPages();

var app = builder.Build();
app.UseAccounts();
app.MapWebhooks();
app.MapAccounts();
app.MapConnections();
app.MapCalls();
app.MapCallTasks();
app.MapIntentions();
app.MapMetrics();
app.MapRecordings();
app.MapLive();
app.MapPages();

await app.PrepareStorageAsync();
await app.RunAsync();
return 0;
