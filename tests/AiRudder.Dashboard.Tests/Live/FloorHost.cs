using AiRudder.Dashboard.Accounts;
using AiRudder.Dashboard.Alerts;
using AiRudder.Dashboard.CallTasks;
using AiRudder.Dashboard.Intentions;
using AiRudder.Dashboard.Layout;
using AiRudder.Dashboard.Lines;
using AiRudder.Dashboard.Live;
using AiRudder.Dashboard.Metrics;
using AiRudder.Dashboard.Storage;
using AiRudder.Dashboard.Tests.Support;
using Bunit;
using Bunit.TestDoubles;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;

namespace AiRudder.Dashboard.Tests.Live;

/// <summary>A circuit with a store of its own, somebody signed in, and a scope of today.</summary>
public abstract class FloorHost : BunitContext
{
    protected TestStore Store { get; } = new();

    protected TestClock Clock { get; } = new();

    protected CallBuilder Build { get; }

    protected BunitAuthorizationContext Person { get; }

    protected LiveFeed Feed => Services.GetRequiredService<LiveFeed>();

    private long published;

    protected FloorHost()
    {
        Build = new(Store);
        Clock.Now = Build.At("2026-03-15 10:00");
        JSInterop.Mode = JSRuntimeMode.Loose;
        Services.AddLogging();
        Services.AddSingleton<TimeProvider>(Clock);
        Services.AddSingleton(Store.Contexts);
        Services.AddSingleton<LiveFeed>();
        Services.AddSingleton<StreamQuery>();
        Services.AddSingleton<Press>();
        Services.AddSingleton<StreamPress>();
        Services.AddSingleton<FloorReadings>();
        Services.AddSingleton<FeedStatus>();
        Services.AddSingleton<LabelTable>();
        Services.AddSingleton<LabelExamples>();
        Services.AddSingleton<SummaryQuery>();
        Services.AddSingleton<ComparisonQuery>();
        Services.AddSingleton<TaskQuery>();
        Services.AddSingleton<TaskDetailQuery>();
        Services.AddSingleton<TaskNumbersQuery>();
        Services.AddSingleton<TaskComparison>();
        Services.AddSingleton<ListSizes>();
        Services.AddSingleton<PersonPreferences>();
        Services.AddSingleton(Store.Services.GetRequiredService<WriteGate>());
        Services.AddSingleton<AlertQueries>();
        Services.AddSingleton<LineQuery>();
        Services.AddScoped<ScopeReader>();
        Person = this.AddAuthorization().SetAuthorized("supervisor@example.org").SetPolicies(nameof(Permission.View), nameof(Permission.Listen)).SetRoles(nameof(Role.Supervisor));
        SetRendererInfo(new RendererInfo("Server", isInteractive: true));
    }

    protected PageScope Scope(string query = "") => new ScopeReader(Store.Contexts, Clock).Read("http://localhost/" + query, [Store.Connection]);

    protected IRenderedComponent<TComponent> Show<TComponent>(PageScope? scope = null, Action<ComponentParameterCollectionBuilder<TComponent>>? more = null)
        where TComponent : IComponent =>
        Render<TComponent>(it =>
        {
            it.AddCascadingValue(scope ?? Scope());
            more?.Invoke(it);
        });

    /// <summary>Says that what was saved has landed.</summary>
    protected void Publish(params string[] tasks) =>
        Feed.Publish(new Landed(++published, published, Store.Connection.Id, Store.Connection.Name, tasks, [], 1));

    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        if (disposing)
        {
            Store.Dispose();
        }
    }
}
