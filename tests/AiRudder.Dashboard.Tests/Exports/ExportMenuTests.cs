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
    public async Task Order_WhileTheListIsStillRead_IsTaken()
    {
        var reading = contexts.HoldNext();
        var menu = Menu();
        await reading.Reached;

        Order(menu);

        reading.Release();
    }

    [Fact]
    public async Task Reading_ThatEndsAfterALaterOne_IsNotShown()
    {
        var reading = contexts.HoldNext();
        var menu = Menu();
        await reading.Reached;
        Order(menu);
        await FinishAsync();
        var drawn = menu.RenderCount;

        reading.Release();

        menu.WaitForState(() => menu.RenderCount > drawn);
        Assert.Contains("waits for its turn", menu.Find("li").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task News_WhileAnOrderIsUnderWay_IsNotMissed()
    {
        var menu = Menu();
        Order(menu);
        var ordering = contexts.HoldNext();
        var second = menu.InvokeAsync(() => menu.FindAll(".kinds button")[1].ClickAsync(new()));
        await ordering.Reached;
        await FinishAsync();

        await TellAsync();

        menu.WaitForAssertion(() => Assert.Contains("7 calls", menu.Find("li").TextContent, StringComparison.Ordinal));
        ordering.Release();
        await second;
    }

    [Fact]
    public async Task Reading_ThatFailed_IsSaidUntilOneSucceeds()
    {
        var reading = contexts.HoldNext();
        var menu = Menu();
        await reading.Reached;
        reading.Fail();
        menu.WaitForAssertion(() => Assert.Contains("could not be done", menu.Find("[role=alert]").TextContent, StringComparison.Ordinal));

        await TellAsync();

        menu.WaitForAssertion(() => Assert.Empty(menu.FindAll("[role=alert]")));
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

    private static void Order(IRenderedComponent<ExportMenu> menu)
    {
        menu.Do(it => it.Find(".kinds button").Click());
        menu.WaitForAssertion(() => Assert.Contains("waits for its turn", menu.Find("li").TextContent, StringComparison.Ordinal));
    }

    /// <summary>The files are made, and nobody is told.</summary>
    private async Task FinishAsync()
    {
        await using var db = store.Contexts.CreateDbContext();
        await db.ExportJobs.ExecuteUpdateAsync(row => row.SetProperty(it => it.State, ExportState.Done).SetProperty(it => it.Rows, 7));
    }

    /// <summary>Whatever is asked of the desk is told to every menu.</summary>
    private Task TellAsync() => desk.CancelAsync(new ClaimsPrincipal(), 0, default);

    /// <summary>The store, whose next reader can be held up.</summary>
    private sealed class Slow(IDbContextFactory<DashboardDb> inner) : IDbContextFactory<DashboardDb>
    {
        private Hold? next;

        public Hold HoldNext() => next = new Hold();

        public DashboardDb CreateDbContext() => inner.CreateDbContext();

        public async Task<DashboardDb> CreateDbContextAsync(CancellationToken cancellationToken = default)
        {
            if (Interlocked.Exchange(ref next, null) is { } hold)
            {
                await hold.WaitAsync();
            }

            return await inner.CreateDbContextAsync(cancellationToken);
        }
    }

    private sealed class Hold
    {
        private readonly TaskCompletionSource reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource released = new(TaskCreationOptions.RunContinuationsAsynchronously);

        /// <summary>Somebody is held up.</summary>
        public Task Reached => reached.Task;

        public void Release() => released.SetResult();

        public void Fail() => released.SetException(new IOException("The disk is gone."));

        public Task WaitAsync()
        {
            reached.SetResult();
            return released.Task;
        }
    }
}
