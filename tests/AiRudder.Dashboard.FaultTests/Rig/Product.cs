using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Reflection;

namespace AiRudder.Dashboard.FaultTests.Rig;

/// <summary>The product as a process of its own on a data folder of its own. It can be killed and started again on the same port.</summary>
internal sealed class Product : IAsyncDisposable
{
    private const string ApiToken = "fault-rig-administrator-0123456789";

    private readonly IReadOnlyDictionary<string, string> settings;
    private readonly Shim? shim;
    private readonly StreamWriter log;
    private Process? process;

    public Product(string folder, IReadOnlyDictionary<string, string>? settings = null, Shim? shim = null)
    {
        Folder = folder;
        this.settings = settings ?? new Dictionary<string, string>();
        this.shim = shim;
        Port = FreePort();
        log = new StreamWriter(folder.TrimEnd('/') + ".log", append: true) { AutoFlush = true };
        Http = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = new Uri($"http://127.0.0.1:{Port}"), Timeout = TimeSpan.FromSeconds(60) };
        Http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", ApiToken);
    }

    /// <summary>Tokens of a webhook are 43 URL-safe characters or more.</summary>
    public static string WebhookToken { get; } = new('f', 43);

    public string Folder { get; }

    public int Port { get; }

    public Uri Webhook => new($"http://127.0.0.1:{Port}/webhooks/airudder/{WebhookToken}");

    /// <summary>With the token of an administrator.</summary>
    public HttpClient Http { get; }

    public bool IsRunning => process is { HasExited: false };

    /// <summary>Starts it and waits until it answers.</summary>
    /// <returns>How long that took.</returns>
    public async Task<TimeSpan> StartAsync(TimeSpan? within = null)
    {
        Spawn();
        var started = Stopwatch.GetTimestamp();
        var limit = within ?? TimeSpan.FromSeconds(60);
        while (Stopwatch.GetElapsedTime(started) < limit && IsRunning)
        {
            if (await StatusAsync("/health/live") == HttpStatusCode.OK)
            {
                return Stopwatch.GetElapsedTime(started);
            }

            await Task.Delay(20);
        }

        throw new FaultException(IsRunning ? $"the product did not start within {limit.TotalSeconds:0} s" : $"the product ended with exit code {process!.ExitCode} while it started");
    }

    /// <summary>Starts it without waiting for anything.</summary>
    public void Spawn(params ReadOnlySpan<string> arguments) => process = Launch(arguments);

    /// <summary>Runs an operator's verb on the data folder to its end, beside the server or without it.</summary>
    /// <returns>The exit code.</returns>
    public async Task<int> RunVerbAsync(params string[] arguments)
    {
        using var verb = Launch(arguments);
        await verb.WaitForExitAsync();
        return verb.ExitCode;
    }

    /// <summary>Starts an operator's verb, to be killed.</summary>
    public Process Launch(params ReadOnlySpan<string> arguments)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = Path.GetTempPath() };
        start.ArgumentList.Add(typeof(Product).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(it => it.Key == "Product").Value!);
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        var environment = start.Environment;
        environment["ASPNETCORE_ENVIRONMENT"] = "Production";
        environment["Urls"] = $"http://127.0.0.1:{Port}";
        environment["DataDirectory"] = Folder;
        environment["Connections__0__Name"] = "Faults";
        environment["Connections__0__Token"] = WebhookToken;
        environment["Connections__0__TimeZone"] = "Asia/Jakarta";
        environment["ApiTokens__0__Name"] = "rig";
        environment["ApiTokens__0__Token"] = ApiToken;
        environment["ApiTokens__0__Role"] = "Administrator";
        environment["Recordings__Keep"] = "false";
        environment["Logging__LogLevel__Default"] = "Warning";
        foreach (var (key, value) in settings)
        {
            environment[key] = value;
        }

        shim?.AddTo(environment, Folder);
        var launched = Process.Start(start)!;
        Children.Add(launched);
        launched.OutputDataReceived += Write;
        launched.ErrorDataReceived += Write;
        launched.BeginOutputReadLine();
        launched.BeginErrorReadLine();
        return launched;
    }

    /// <summary>kill -9.</summary>
    public async Task KillAsync()
    {
        if (process is not null)
        {
            process.Kill();
            await process.WaitForExitAsync();
        }
    }

    /// <summary>SIGTERM.</summary>
    /// <returns>How long it took to end; null when it had to be killed after a minute.</returns>
    public async Task<TimeSpan?> TerminateAsync()
    {
        var started = Stopwatch.GetTimestamp();
        Native.SendTerminate(process!.Id);
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        try
        {
            await process.WaitForExitAsync(limit.Token);
            return Stopwatch.GetElapsedTime(started);
        }
        catch (OperationCanceledException)
        {
            await KillAsync();
            return null;
        }
    }

    /// <summary>Waits for a process that ends by itself.</summary>
    public async Task<int> ExitCodeAsync()
    {
        await process!.WaitForExitAsync();
        return process.ExitCode;
    }

    public async Task<HttpStatusCode?> StatusAsync(string path)
    {
        try
        {
            using var answer = await Http.GetAsync(new Uri(path, UriKind.Relative));
            return answer.StatusCode;
        }
        catch (HttpRequestException)
        {
            return null;
        }
        catch (TaskCanceledException)
        {
            return null;
        }
    }

    /// <summary>Megabytes that only memory holds.</summary>
    public long AnonymousMegabytes() => File.ReadLines($"/proc/{process!.Id}/status")
        .Where(line => line.StartsWith("RssAnon:", StringComparison.Ordinal))
        .Select(line => long.Parse(line.AsSpan(8).TrimEnd("kB ").Trim(), CultureInfo.InvariantCulture) / 1024)
        .SingleOrDefault();

    /// <summary>What the process has used of all cores.</summary>
    public TimeSpan ProcessorTime()
    {
        process!.Refresh();
        return process.TotalProcessorTime;
    }

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        process?.Dispose();
        Http.Dispose();
        lock (log)
        {
            log.Dispose();
        }
    }

    private void Write(object sender, DataReceivedEventArgs line)
    {
        lock (log)
        {
            if (line.Data is { } text && log.BaseStream is { CanWrite: true })
            {
                log.WriteLine(text);
            }
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
