using System.Data.Common;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Components.Server;

namespace AiRudder.Dashboard.Accounts;

/// <summary>
/// A circuit outlives the request that began it, so its session is looked at again and again; when it no longer stands, the
/// pages of the circuit are taken away.
/// </summary>
public sealed partial class CircuitIdentity(ILoggerFactory loggers, Sessions sessions) : RevalidatingServerAuthenticationStateProvider(loggers)
{
    private readonly ILogger log = loggers.CreateLogger<CircuitIdentity>();

    protected override TimeSpan RevalidationInterval => TimeSpan.FromSeconds(30);

    protected override async Task<bool> ValidateAuthenticationStateAsync(AuthenticationState authenticationState, CancellationToken cancellationToken)
    {
        try
        {
            return !sessions.IsIdle(authenticationState.User) && await sessions.StandsAsync(authenticationState.User, cancellationToken);
        }
        catch (DbException error)
        {
            // A store that is away for a moment must not sign everybody out; without it the circuit has nothing to show either.
            LogNotChecked(log, error);
            return true;
        }
    }

    [LoggerMessage(1001, LogLevel.Warning, "The session of a circuit could not be checked")]
    private static partial void LogNotChecked(ILogger log, Exception error);
}
