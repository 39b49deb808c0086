using AiRudder.Dashboard.Operations;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace AiRudder.Dashboard.Accounts;

/// <summary>
/// Somebody must be first: from the settings, or through a link printed to the console. Both work on a store without
/// accounts only.
/// </summary>
public sealed partial class FirstAdministrator(
    People people,
    SetupSecret secret,
    AccountSettings settings,
    IServer server,
    IConfiguration configuration,
    ILogger<FirstAdministrator> log) : IHostedLifecycleService
{
    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        if (settings.FirstAdministrator is not { } first || await people.AnyAsync(cancellationToken))
            return;

        var problems = await people.CreateAsync(first.Email, Role.Administrator, first.Password, oneTime: false);
        if (problems.Count > 0)
            throw new InvalidOperationException($"FirstAdministrator:Email, FirstAdministrator:Password: {string.Join(" ", problems)}");

        LogCreated(log);
    }

    public async Task StartedAsync(CancellationToken cancellationToken)
    {
        // To the console itself: a log may be kept and shipped, and this link makes an administrator.
        if (!NodeRoles.Of(configuration).Shows() || await people.AnyAsync(cancellationToken))
            return;

        await Console.Out.WriteLineAsync($"\n  First administrator  {Address()}/setup?secret={secret.Renew()}");
        await Console.Out.WriteLineAsync("                       works once; until somebody can sign in, each start prints another");
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private string Address()
    {
        var address = server.Features.Get<IServerAddressesFeature>()?.Addresses.FirstOrDefault() ?? configuration["Urls"]?.Split(';')[0] ?? "http://localhost:5080";
        return address.Replace("//*", "//localhost", StringComparison.Ordinal)
            .Replace("//+", "//localhost", StringComparison.Ordinal)
            .Replace("//0.0.0.0", "//localhost", StringComparison.Ordinal)
            .Replace("//[::]", "//localhost", StringComparison.Ordinal)
            .TrimEnd('/');
    }

    [LoggerMessage(1011, LogLevel.Information, "The first administrator was made from the settings")]
    private static partial void LogCreated(ILogger log);
}
