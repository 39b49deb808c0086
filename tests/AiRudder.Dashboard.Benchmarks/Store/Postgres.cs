using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace AiRudder.Dashboard.Benchmarks.Store;

/// <summary>A PostgreSQL cluster of its own on loopback, with the same calls and the indexes somebody would give them; gone afterwards.</summary>
internal sealed class Postgres : IAnswers
{
    private const string End = "end_of_the_answer";

    private readonly string folder;
    private readonly Process psql;

    private Postgres(string folder, Process psql)
    {
        (this.folder, this.psql) = (folder, psql);
        psql.ErrorDataReceived += (_, line) => LastError = line.Data is { Length: > 0 } text ? text : LastError;
        psql.BeginErrorReadLine();
    }

    private string? LastError { get; set; }

    /// <exception cref="NotThereException">PostgreSQL is not here, or does not start.</exception>
    public static async Task<Postgres> StartAsync(string calls, string dials, string meanings)
    {
        // The server refuses to run as root, and another user must be able to reach the folder.
        var folder = Path.Combine(Path.GetTempPath(), $"benchmark-postgres-{Environment.ProcessId}");
        Directory.CreateDirectory(folder);
        var port = FreePort();
        try
        {
            if (Environment.IsPrivilegedProcess)
            {
                await Command.RunAsync("chown", ["nobody", folder]);
            }

            await ServerAsync("initdb", "-D", folder, "-U", "benchmark", "-A", "trust", "-E", "UTF8", "--locale=C");
            await ServerAsync("pg_ctl", "-D", folder, "-w", "-l", Path.Combine(folder, "log"), "-o", $"-p {port} -k {folder} -c listen_addresses=127.0.0.1 -c shared_buffers=1GB -c work_mem=64MB -c max_wal_size=4GB", "start");
        }
        catch (NotThereException)
        {
            await RemoveAsync(folder);
            throw;
        }

        var psql = Command.Start("psql", ["-X", "-q", "-h", "127.0.0.1", "-p", port.ToString(CultureInfo.InvariantCulture), "-U", "benchmark", "-d", "postgres", "-v", "ON_ERROR_STOP=1"]);
        var cluster = new Postgres(folder, psql);
        try
        {
            await cluster.LoadAsync(calls, dials, meanings);
            return cluster;
        }
        catch (NotThereException)
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    public async Task<Taken> AskAsync(IReadOnlyList<string> sql, int times)
    {
        var taken = new List<double>();
        for (var i = 0; i < times; i++)
        {
            // Rows go nowhere, as they are taken in by the others; what psql times is from sending to the last row.
            var lines = await SayAsync(["\\o /dev/null", "\\timing on", .. sql.Select(statement => statement + ";"), "\\timing off", "\\o"]);
            taken.Add(lines.Where(line => line.StartsWith("Time: ", StringComparison.Ordinal)).Sum(line => double.Parse(line.Split(' ')[1], CultureInfo.InvariantCulture)));
        }

        return Taken.Of(taken);
    }

    public async ValueTask DisposeAsync()
    {
        if (!psql.HasExited)
        {
            psql.StandardInput.Close();
            await psql.WaitForExitAsync();
        }

        psql.Dispose();
        await ServerAsync("pg_ctl", "-D", folder, "-m", "fast", "-w", "stop");
        await RemoveAsync(folder);
    }

    private async Task LoadAsync(string calls, string dials, string meanings) => await SayAsync(
    [
        "CREATE TABLE c (id bigint PRIMARY KEY, began bigint, task int, robot text, label text, callee text, connected int, duration int, talk int, rounds int, spoke int, asked int, taken int, contradicts int, hanguptype text, hangupby text);",
        "CREATE TABLE d (ofcall bigint, ordinal int, began bigint, connected int, ring int, ringtype text, PRIMARY KEY (ofcall, ordinal));",
        "CREATE TABLE m (robot text, label text, promise int);",
        $"\\copy c FROM '{calls}' CSV HEADER",
        $"\\copy d FROM '{dials}' CSV HEADER",
        $"\\copy m FROM '{meanings}' CSV HEADER",
        "CREATE INDEX ON c (began, id);",
        "CREATE INDEX ON c (task, began);",
        "CREATE INDEX ON c (label, began, id);",
        "CREATE INDEX ON c (callee);",
        "VACUUM ANALYZE;",
    ]);

    /// <summary>Says something and hears the answer to its end.</summary>
    private async Task<List<string>> SayAsync(IEnumerable<string> lines)
    {
        foreach (var line in lines)
        {
            await psql.StandardInput.WriteLineAsync(line);
        }

        await psql.StandardInput.WriteLineAsync($"\\echo {End}");
        await psql.StandardInput.FlushAsync();
        var answer = new List<string>();
        while (await psql.StandardOutput.ReadLineAsync() is { } line)
        {
            if (line == End)
            {
                return answer;
            }

            answer.Add(line);
        }

        throw new NotThereException($"psql ended: {LastError ?? "it said nothing"}");
    }

    private static Task<string> ServerAsync(string program, params string[] arguments) => Environment.IsPrivilegedProcess
        ? Command.RunAsync("runuser", ["-u", "nobody", "--", program, .. arguments])
        : Command.RunAsync(program, arguments);

    private static async Task RemoveAsync(string folder)
    {
        if (Directory.Exists(folder))
        {
            await Task.Run(() => Directory.Delete(folder, recursive: true));
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
