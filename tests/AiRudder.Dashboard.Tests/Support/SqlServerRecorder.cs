using System.Collections;
using System.Collections.Concurrent;
using System.Data.Common;
using AiRudder.Dashboard.Storage;
using AiRudder.Dashboard.Storage.SqlServer;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace AiRudder.Dashboard.Tests.Support;

/// <summary>
/// Runs code that queries against SQL Server's context without a server: no connection is opened, every command is written down
/// and answered with nothing, or with one row of blanks so that code goes on to the queries that depend on an earlier one.
/// </summary>
/// <example><c>var sql = await SqlServerRecorder.RecordAsync(contexts => new DeliveryQueries(contexts).FindAsync(1, default));</c></example>
public sealed class SqlServerRecorder : IDbContextFactory<DashboardDb>
{
    private readonly ConcurrentQueue<string> commands = new();
    private readonly DbContextOptions<SqlServerDashboardDb> options;

    /// <param name="rows">How many rows of blanks each query is answered with.</param>
    public SqlServerRecorder(int rows = 0) => options = new DbContextOptionsBuilder<SqlServerDashboardDb>()
        .UseSqlServer("Server=nowhere.invalid;Database=none;Encrypt=True")
        .AddInterceptors(new Unopened(), new Unsent(commands, rows))
        .Options;

    /// <summary>What would have been sent, in order.</summary>
    public IReadOnlyCollection<string> Commands => commands;

    public SqlServerDashboardDb CreateDbContext()
    {
        var db = new SqlServerDashboardDb(options);
        db.Database.AutoTransactionBehavior = AutoTransactionBehavior.Never;
        return db;
    }

    DashboardDb IDbContextFactory<DashboardDb>.CreateDbContext() => CreateDbContext();

    /// <summary>
    /// Runs the code against empty tables and against one row of blanks. What it makes of blanks is of no interest and may fail;
    /// a query that cannot be translated fails the test.
    /// </summary>
    public static async Task<IReadOnlyCollection<string>> RecordAsync(Func<IDbContextFactory<DashboardDb>, Task> run)
    {
        var all = new List<string>();
        foreach (var rows in new[] { 0, 1 })
        {
            var recorder = new SqlServerRecorder(rows);
            try
            {
                await run(recorder);
            }
            catch (Exception error) when (!error.ToString().Contains("could not be translated", StringComparison.Ordinal) && !recorder.commands.IsEmpty)
            {
                // Blanks led the code astray after its queries.
            }

            all.AddRange(recorder.commands);
        }

        Assert.NotEmpty(all);
        return all;
    }

    /// <summary>Every query of this code parses as SQL Server's language.</summary>
    public static async Task AssertParsesAsync(Func<IDbContextFactory<DashboardDb>, Task> run)
    {
        foreach (var sql in await RecordAsync(run))
            TSql.AssertParses(sql);
    }

    private sealed class Unopened : DbConnectionInterceptor
    {
        public override InterceptionResult ConnectionOpening(DbConnection connection, ConnectionEventData eventData, InterceptionResult result) => InterceptionResult.Suppress();

        public override ValueTask<InterceptionResult> ConnectionOpeningAsync(DbConnection connection, ConnectionEventData eventData, InterceptionResult result, CancellationToken cancellationToken = default) =>
            ValueTask.FromResult(InterceptionResult.Suppress());
    }

    private sealed class Unsent(ConcurrentQueue<string> commands, int rows) : DbCommandInterceptor
    {
        public override InterceptionResult<DbDataReader> ReaderExecuting(DbCommand command, CommandEventData eventData, InterceptionResult<DbDataReader> result)
        {
            commands.Enqueue(command.CommandText);
            return InterceptionResult<DbDataReader>.SuppressWithResult(new BlankReader(rows));
        }

        public override ValueTask<InterceptionResult<DbDataReader>> ReaderExecutingAsync(DbCommand command, CommandEventData eventData, InterceptionResult<DbDataReader> result, CancellationToken cancellationToken = default) =>
            ValueTask.FromResult(ReaderExecuting(command, eventData, result));

        public override InterceptionResult<int> NonQueryExecuting(DbCommand command, CommandEventData eventData, InterceptionResult<int> result)
        {
            commands.Enqueue(command.CommandText);
            return InterceptionResult<int>.SuppressWithResult(rows);
        }

        public override ValueTask<InterceptionResult<int>> NonQueryExecutingAsync(DbCommand command, CommandEventData eventData, InterceptionResult<int> result, CancellationToken cancellationToken = default) =>
            ValueTask.FromResult(NonQueryExecuting(command, eventData, result));

        public override InterceptionResult<object> ScalarExecuting(DbCommand command, CommandEventData eventData, InterceptionResult<object> result)
        {
            commands.Enqueue(command.CommandText);
            return InterceptionResult<object>.SuppressWithResult(rows);
        }

        public override ValueTask<InterceptionResult<object>> ScalarExecutingAsync(DbCommand command, CommandEventData eventData, InterceptionResult<object> result, CancellationToken cancellationToken = default) =>
            ValueTask.FromResult(ScalarExecuting(command, eventData, result));
    }

    /// <summary>Rows in which every column is null where that is allowed, and else 1, empty or the beginning of time.</summary>
    private sealed class BlankReader(int rows) : DbDataReader
    {
        private int read;

        public override int Depth => 0;

        public override int FieldCount => 256;

        public override bool HasRows => rows > 0;

        public override bool IsClosed => false;

        public override int RecordsAffected => rows;

        public override object this[int ordinal] => GetValue(ordinal);

        public override object this[string name] => throw new NotSupportedException();

        public override bool Read() => read++ < rows;

        public override bool NextResult() => false;

        public override bool IsDBNull(int ordinal) => true;

        public override T GetFieldValue<T>(int ordinal) => typeof(T) switch
        {
            var type when type == typeof(byte[]) => (T)(object)new byte[16],
            var type when type == typeof(string) => (T)(object)"",
            var type when type == typeof(DateTimeOffset) => (T)(object)DateTimeOffset.UnixEpoch,
            var type when type == typeof(bool) => (T)(object)true,
            var type when type.IsPrimitive => (T)Convert.ChangeType(1, type, System.Globalization.CultureInfo.InvariantCulture),
            _ => default!,
        };

        public override bool GetBoolean(int ordinal) => true;

        public override byte GetByte(int ordinal) => 1;

        public override long GetBytes(int ordinal, long dataOffset, byte[]? buffer, int bufferOffset, int length) => 0;

        public override char GetChar(int ordinal) => ' ';

        public override long GetChars(int ordinal, long dataOffset, char[]? buffer, int bufferOffset, int length) => 0;

        public override string GetDataTypeName(int ordinal) => "nvarchar";

        public override DateTime GetDateTime(int ordinal) => DateTime.UnixEpoch;

        public override decimal GetDecimal(int ordinal) => 1;

        public override double GetDouble(int ordinal) => 1;

        public override IEnumerator GetEnumerator() => new DbEnumerator(this);

        public override Type GetFieldType(int ordinal) => typeof(object);

        public override float GetFloat(int ordinal) => 1;

        public override Guid GetGuid(int ordinal) => Guid.Empty;

        public override short GetInt16(int ordinal) => 1;

        public override int GetInt32(int ordinal) => 1;

        public override long GetInt64(int ordinal) => 1;

        public override string GetName(int ordinal) => $"c{ordinal}";

        public override int GetOrdinal(string name) => 0;

        public override string GetString(int ordinal) => "";

        public override object GetValue(int ordinal) => DBNull.Value;

        public override int GetValues(object[] values) => 0;
    }
}
