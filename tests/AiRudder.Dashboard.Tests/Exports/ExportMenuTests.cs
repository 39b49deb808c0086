using System.Security.Claims;
using AiRudder.Dashboard.Accounts;
using AiRudder.Dashboard.Calls;
using AiRudder.Dashboard.Exports;
using AiRudder.Dashboard.Storage;
using AiRudder.Dashboard.Tests.Calls;
using AiRudder.Dashboard.Tests.Support;
using Bunit;
using Bunit.TestDoubles;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace AiRudder.Dashboard.Tests.Exports;

/// <summary>What is pressed and what is heard of while the menu still reads.</summary>
public sealed class ExportMenuTests : BunitContext
{
    private readonly TestStore store = new();
    private readonly Slow contexts;
    private readonly ExportDesk desk;

    public ExportMenuTests()
    {
        this.AddAuthorization().SetAuthorized("rani").SetRoles(nameof(Role.Supervisor)).SetClaims(new Claim(ClaimTypes.NameIdentifier, "rani"));
        contexts = new Slow(store.Contexts);
        desk = new ExportDesk(contexts, store.Services.GetRequiredService<WriteGate>(), store.Services.GetRequiredService<DataDirectory>(), new TestClock { Now = CallSeed.Start });
        Services.AddSingleton(desk);
    }

    [Fact]
    public void Order_WhileTheListIsStillRead_IsTaken()
    {
        var reading = contexts.HoldNext();
        var menu = Menu();

        menu.Do(it => it.Find(".kinds button").Click());

        menu.WaitForAssertion(() => Assert.Contains("waits for its turn", menu.Find("li").TextContent, StringComparison.Ordinal));
        reading.SetResult();
    }

    [Fact]
    public async Task News_WhileTheMenuIsBusy_IsNotMissed()
    {
        var menu = Menu();
        menu.Do(it => it.Find(".kinds button").Click());
        menu.WaitForAssertion(() => Assert.Contains("waits for its turn", menu.Find("li").TextContent, StringComparison.Ordinal));

        var ordering = contexts.HoldNext();
        var second = menu.InvokeAsync(() => menu.FindAll(".kinds button")[1].ClickAsync(new()));
        await using (var db = store.Contexts.CreateDbContext())
        {
            await db.ExportJobs.ExecuteUpdateAsync(row => row.SetProperty(it => it.State, ExportState.Done).SetProperty(it => it.Rows, 7));
        }

        // Whatever is changed on the desk is told to every menu.
        await desk.CancelAsync(new ClaimsPrincipal(), 0, default);

        menu.WaitForAssertion(() => Assert.Contains("7 calls", menu.Find("li").TextContent, StringComparison.Ordinal));
        ordering.SetResult();
        await second;
    }

    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        store.Dispose();
    }

    private IRenderedComponent<ExportMenu> Menu()
    {
        var address = new CallListAddress("http://here/calls");
        var who = Services.GetRequiredService<AuthenticationStateProvider>().GetAuthenticationStateAsync();
        return Render<ExportMenu>(parameters => parameters
            .AddCascadingValue(who)
            .Add(menu => menu.Address, address)
            .Add(menu => menu.Columns, CallColumns.Usual));
    }

    /// <summary>The store, whose next reader can be held up.</summary>
    private sealed class Slow(IDbContextFactory<DashboardDb> inner) : IDbContextFactory<DashboardDb>
    {
        private TaskCompletionSource? next;

        public TaskCompletionSource HoldNext() => next = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public DashboardDb CreateDbContext() => inner.CreateDbContext();

        public async Task<DashboardDb> CreateDbContextAsync(CancellationToken cancellationToken = default)
        {
            if (Interlocked.Exchange(ref next, null) is { } wait)
            {
                await wait.Task;
            }

            return await inner.CreateDbContextAsync(cancellationToken);
        }
    }
}
