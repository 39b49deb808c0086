using System.Globalization;
using AiRudder.Dashboard.Accounts;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.SignalR;

namespace AiRudder.Dashboard.Live;

/// <summary>What clients of <c>/hubs/live</c> hear.</summary>
public interface ILiveClient
{
    Task DeliveryLanded(LandedMessage message);
}

/// <summary>Identities only; the rest is read through the API.</summary>
public sealed record LandedMessage(string DeliveryId, string Connection, IReadOnlyList<string> TaskIds, IReadOnlyList<string> CallIds, int Calls);

/// <summary>Tells clients other than our own pages that something landed. Clients say nothing.</summary>
[Authorize(Policy = nameof(Permission.View))]
public sealed class LiveHub : Hub<ILiveClient>;

/// <summary>Carries the feed to the hub's clients.</summary>
public sealed class LiveHubRelay(LiveFeed feed, IHubContext<LiveHub, ILiveClient> hub) : IHostedService
{
    private IDisposable? subscription;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        subscription = feed.Subscribe(landed => hub.Clients.All.DeliveryLanded(new LandedMessage(
            landed.DeliveryId.ToString(CultureInfo.InvariantCulture),
            landed.Connection,
            landed.TaskIds,
            [.. landed.CallIds.Select(id => id.ToString(CultureInfo.InvariantCulture))],
            landed.Calls)));
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        subscription?.Dispose();
        return Task.CompletedTask;
    }
}
