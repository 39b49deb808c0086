using System.Globalization;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;

namespace AiRudder.Dashboard.Storage.Sqlite;

/// <summary>What can be asked of the database file about its own state.</summary>
internal static class SqliteHealth
{
    private const int Interrupted = 9;

    private const int Damaged = 11;

    private const int NoDatabase = 26;

    private const long Full = 2;

    /// <summary>Reads the whole file for damage.</summary>
    /// <param name="db">Any context.</param>
    /// <param name="limit">Reading stops then: a large database takes minutes.</param>
    /// <param name="cancel">Stops it as well.</param>
    /// <returns>The damage in SQLite's words, or null when none was seen; and whether the end was reached.</returns>
    public static async Task<(string? Damage, bool ToTheEnd)> DamageAsync(DashboardDb db, TimeSpan limit, CancellationToken cancel)
    {
        await using var open = await OpenAsync(db, cancel);
        var handle = open.Handle!;
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        enough.CancelAfter(limit);
        await using var interrupt = enough.Token.Register(() => SQLitePCL.raw.sqlite3_interrupt(handle));
        try
        {
            var found = await Task.Run(() => Ask(open, "PRAGMA quick_check(1)"), cancel);
            return (found is "ok" ? null : $"{found}", true);
        }
        catch (SqliteException error) when (error.SqliteErrorCode == Interrupted && !cancel.IsCancellationRequested)
        {
            return (null, false);
        }
        catch (SqliteException error) when (error.SqliteErrorCode is Damaged or NoDatabase)
        {
            // So much of it that not even looking works.
            return (error.Message, false);
        }
    }

    /// <summary>Why a commit might not survive a loss of power, on the connections that the product opens; null when it does.</summary>
    public static async Task<string?> DurabilityProblemAsync(DashboardDb db, CancellationToken cancel)
    {
        await using var open = await OpenAsync(db, cancel);
        SqlitePragmas.Apply(open);
        var journal = Ask(open, "PRAGMA journal_mode");
        var synchronous = Convert.ToInt64(Ask(open, "PRAGMA synchronous"), CultureInfo.InvariantCulture);
        return journal is not "wal" ? $"the journal's mode is '{journal}', not 'wal'" : synchronous < Full ? $"synchronous is {synchronous}, not {Full} (full)" : null;
    }

    /// <summary>Bytes; 0 when there is no journal.</summary>
    public static long JournalBytes(string connectionString)
    {
        var journal = new FileInfo(Path.GetFullPath(new SqliteConnectionStringBuilder(connectionString).DataSource) + "-wal");
        return journal.Exists ? journal.Length : 0;
    }

    private static async Task<SqliteConnection> OpenAsync(DashboardDb db, CancellationToken cancel)
    {
        var settings = new SqliteConnectionStringBuilder(db.Database.GetConnectionString()) { Pooling = false, Mode = SqliteOpenMode.ReadWrite };
        var open = new SqliteConnection(settings.ToString());
        try
        {
            await open.OpenAsync(cancel);
            return open;
        }
        catch
        {
            await open.DisposeAsync();
            throw;
        }
    }

    private static object? Ask(SqliteConnection open, string pragma)
    {
        using var command = open.CreateCommand();
        command.CommandText = pragma;
        command.CommandTimeout = 0;
        return command.ExecuteScalar();
    }
}
