using System.Collections.Frozen;
using System.Security.Cryptography;
using System.Text;
using AiRudder.Dashboard.Storage;
using Microsoft.EntityFrameworkCore;

namespace AiRudder.Dashboard.Connections;

/// <summary>
/// All connections in memory, so that a webhook's address is checked without touching the database. Reloaded after a change on
/// this node, and every few seconds for changes on others.
/// </summary>
public sealed partial class ConnectionDirectory(IDbContextFactory<DashboardDb> contexts, ILogger<ConnectionDirectory> log) : BackgroundService
{
    private static readonly TimeSpan Reload = TimeSpan.FromSeconds(5);

    private volatile Snapshot snapshot = new([]);

    /// <summary>In the order of their names.</summary>
    public IReadOnlyList<Connection> All => snapshot.All;

    public IReadOnlyDictionary<int, Connection> ById => snapshot.ById;

    /// <summary>Told whenever the connections were read anew.</summary>
    public event Action? Changed;

    /// <summary>
    /// The connection whose valid token this is. Every stored hash is compared in constant time, so the time taken says nothing about
    /// the token.
    /// </summary>
    public (Connection? Connection, bool Retired) FindByToken(string token)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(token), hash);
        Connection? found = null;
        var retired = false;
        foreach (var connection in snapshot.All)
        {
            foreach (var known in connection.Tokens)
            {
                if (CryptographicOperations.FixedTimeEquals(hash, known.Hash))
                {
                    retired = known.RetiredAt is not null;
                    found = retired ? null : connection;
                }
            }
        }

        return (found, retired);
    }

    public async Task ReloadAsync(CancellationToken cancel)
    {
        await using var db = await contexts.CreateDbContextAsync(cancel);
        var connections = await db.Connections.AsNoTracking().Include(connection => connection.Tokens).OrderBy(connection => connection.Name).ToListAsync(cancel);
        snapshot = new Snapshot(connections);
        Changed?.Invoke();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            using var timer = new PeriodicTimer(Reload);
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                try
                {
                    await ReloadAsync(stoppingToken);
                }
                catch (Exception error) when (error is not OperationCanceledException)
                {
                    // What is known stays valid: an address must not stop working because the database is away.
                    LogReloadFailed(log, error);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The server stops.
        }
    }

    [LoggerMessage(4001, LogLevel.Warning, "Connections could not be read again; the known ones stay valid")]
    private static partial void LogReloadFailed(ILogger log, Exception error);

    private sealed class Snapshot(IReadOnlyList<Connection> all)
    {
        public IReadOnlyList<Connection> All { get; } = all;

        public FrozenDictionary<int, Connection> ById { get; } = all.ToFrozenDictionary(connection => connection.Id);
    }
}
