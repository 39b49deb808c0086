using System.Globalization;

namespace AiRudder.Simulator;

internal static class SimulatorCommand
{
    private const int Fine = 0;
    private const int SomethingDropped = 1;
    private const int Unusable = 2;

    private static async Task<int> Main(string[] arguments)
    {
        using var stop = new CancellationTokenSource();
        Console.CancelKeyPress += (_, pressed) =>
        {
            pressed.Cancel = true;
            stop.Cancel();
        };
        return await RunAsync(arguments, Console.Out, Console.Error, TimeProvider.System, stop.Token);
    }

    internal static async Task<int> RunAsync(
        string[] arguments, TextWriter output, TextWriter errors, TimeProvider time, CancellationToken cancellationToken)
    {
        if (arguments.Contains("--help") || arguments.Contains("-h"))
        {
            await output.WriteLineAsync(CommandLine.Help);
            return Fine;
        }

        CommandLine line;
        try
        {
            line = CommandLine.Parse(arguments);
        }
        catch (FormatException wrong)
        {
            await errors.WriteLineAsync(wrong.Message);
            return Unusable;
        }

        try
        {
            using HttpMessageHandler handler = line.Record is null
                ? new SocketsHttpHandler()
                : new BodyRecorder(line.Record, line.Posts ? new SocketsHttpHandler() : null);
            using var http = new HttpClient(handler);
            return line.Hostile
                ? await HostileAsync(line, http, output, cancellationToken)
                : await SendAsync(line, http, output, time, cancellationToken);
        }
        catch (Exception failed) when (failed is IOException or UnauthorizedAccessException)
        {
            await errors.WriteLineAsync(failed.Message);
            return Unusable;
        }
    }

    private static async Task<int> HostileAsync(CommandLine line, HttpClient http, TextWriter output, CancellationToken cancellationToken)
    {
        await QuietlyAsync(
            async () =>
            {
                foreach (var body in HostileCatalogue.Bodies())
                {
                    var status = await body.PostAsync(line.Traffic.Webhook, http, cancellationToken);
                    await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{body.Name,-52} {body.Bytes.Length,10}  {status}"));
                }
            },
            cancellationToken);
        return Fine;
    }

    private static async Task<int> SendAsync(
        CommandLine line, HttpClient http, TextWriter output, TimeProvider time, CancellationToken cancellationToken)
    {
        RecordingServer? recordings = null;
        try
        {
            if (line.ServesRecordings)
            {
                recordings = await RecordingServer.StartAsync(line.RecordingsPort, cancellationToken);
                await output.WriteLineAsync($"recordings on {recordings.BaseAddress}");
            }

            var options = line.Traffic with { Recordings = recordings?.BaseAddress };
            var progress = await SendAsync(line, options, http, time, cancellationToken);
            await output.WriteLineAsync(string.Create(
                CultureInfo.InvariantCulture,
                $"posted {progress.Posted} bodies, {progress.Calls} calls, {progress.Answered200} answered 200, {progress.Retries} retries, {progress.Dropped} dropped"));
            return progress.Dropped > 0 ? SomethingDropped : Fine;
        }
        finally
        {
            if (recordings is not null)
            {
                await recordings.DisposeAsync();
            }
        }
    }

    private static async Task<TrafficProgress> SendAsync(
        CommandLine line, TrafficOptions options, HttpClient http, TimeProvider time, CancellationToken cancellationToken)
    {
        if (line.Sample is not null)
        {
            var sender = new Sender(options.Webhook, http, time, options.RetryFactor);
            var bytes = await File.ReadAllBytesAsync(line.Sample, cancellationToken);
            await QuietlyAsync(
                async () =>
                {
                    for (var copy = 0; copy < line.Copies; copy++)
                    {
                        await sender.PostAsync(bytes, 0, cancellationToken);
                    }
                },
                cancellationToken);
            return sender.Progress;
        }

        var traffic = new Traffic(options, http, time);
        await QuietlyAsync(() => TrafficAsync(line, traffic, time, cancellationToken), cancellationToken);
        return traffic.Progress;
    }

    private static async Task TrafficAsync(CommandLine line, Traffic traffic, TimeProvider time, CancellationToken cancellationToken)
    {
        if (line.Batch is { } numbers)
        {
            await traffic.PostBatchAsync(numbers, line.Copies, cancellationToken);
            return;
        }

        await traffic.RunHistoryAsync(null, cancellationToken);
        if (line.Duration is null)
        {
            await traffic.RunLiveAsync(cancellationToken);
        }
        else if (line.Duration > TimeSpan.Zero)
        {
            using var over = new CancellationTokenSource(line.Duration.Value, time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(over.Token, cancellationToken);
            await traffic.RunLiveAsync(either.Token);
        }
    }

    /// <summary>Ctrl-C ends the work, not the summary.</summary>
    private static async Task QuietlyAsync(Func<Task> work, CancellationToken cancellationToken)
    {
        try
        {
            await work();
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
        }
    }
}
