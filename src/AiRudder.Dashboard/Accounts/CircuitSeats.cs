using System.Security.Claims;
using AiRudder.Dashboard.Live.Walls;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Components.Server.Circuits;

namespace AiRudder.Dashboard.Accounts;

/// <summary>How many pages are open on this node, per person and in all.</summary>
public sealed class CircuitCount(AccountSettings settings)
{
    private readonly Lock sync = new();
    private readonly Dictionary<string, int> open = [];
    private int all;

    /// <summary>Takes a seat; says why there is none when there is none.</summary>
    public string? Take(string person)
    {
        lock (sync)
        {
            var own = open.GetValueOrDefault(person);
            if (own >= settings.CircuitsPerPerson)
            {
                return T("You have {0} pages of the dashboard open, which is as many as one person may have. Close one and load this page again.", own);
            }

            if (all >= settings.Circuits)
            {
                return T("As many pages are open on this server as it can keep live. Load this page again in a while.");
            }

            open[person] = own + 1;
            all++;
            return null;
        }
    }

    public void Leave(string person)
    {
        lock (sync)
        {
            all--;
            if (open[person] == 1)
            {
                open.Remove(person);
            }
            else
            {
                open[person]--;
            }
        }
    }
}

/// <summary>
/// The place of one circuit among those its person may have. Only circuits with a connection count: a page that was closed, or that a
/// network lost, must not keep its person out of the next one.
/// </summary>
public sealed class CircuitSeat(CircuitCount count, AuthenticationStateProvider who) : CircuitHandler
{
    private string? taken;

    /// <summary>Why this circuit shows nothing; null when it has a seat.</summary>
    public string? Refusal { get; private set; }

    public override async Task OnConnectionUpAsync(Circuit circuit, CancellationToken cancellationToken)
    {
        if (taken is not null)
        {
            return;
        }

        var person = (await who.GetAuthenticationStateAsync()).User;
        var name = person.FindFirstValue(ClaimTypes.NameIdentifier) ?? (WallSession.IdOf(person) is { } wall ? $"wall {wall}" : null);
        if (name is null)
        {
            // A page for everybody: it holds nothing that follows the feed.
            return;
        }

        Refusal = count.Take(name);
        taken = Refusal is null ? name : null;
    }

    public override Task OnConnectionDownAsync(Circuit circuit, CancellationToken cancellationToken) => LeaveAsync();

    public override Task OnCircuitClosedAsync(Circuit circuit, CancellationToken cancellationToken) => LeaveAsync();

    private Task LeaveAsync()
    {
        if (Interlocked.Exchange(ref taken, null) is { } name)
        {
            count.Leave(name);
        }

        return Task.CompletedTask;
    }
}
