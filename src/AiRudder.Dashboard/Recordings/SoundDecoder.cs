using System.Buffers.Binary;
using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;
using Microsoft.Extensions.Options;

namespace AiRudder.Dashboard.Recordings;

/// <summary>
/// Decodes kept sounds with <c>ffmpeg</c>, where it is installed. What it reads came from outside, so it runs as a child with fixed
/// arguments, no shell, no environment, pipes only, one thread, and limits of time and memory; what it answers is read within limits.
/// </summary>
public sealed class SoundDecoder(IOptions<RecordingOptions> options)
{
    private const int SamplesPerSecond = 8000;
    private const string MostMemory = "--as=1073741824";
    private const string MostProcessorSeconds = "--cpu=120";

    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(3);

    private readonly Lazy<(string? Ffmpeg, string? Limiter)> tools = new(() => (Find(options.Value.Ffmpeg), Find("prlimit")));

    /// <summary>Whether this server can decode; if not, the first browser that opens a call draws it.</summary>
    public bool IsHere => tools.Value.Ffmpeg is not null;

    /// <summary>The waveform of a sound; null when it could not be decoded.</summary>
    /// <exception cref="TimeoutException">It took longer than it may.</exception>
    public async Task<Waveform?> DrawAsync(long callId, KeptSound sound, string contentType, CancellationToken cancel)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(Longest);
        using var process = Start(contentType);
        var feeding = FeedAsync(process, sound, limit.Token);
        var complaints = DrainAsync(process.StandardError.BaseStream, limit.Token);
        try
        {
            var drawing = await ReadAsync(process.StandardOutput.BaseStream, limit.Token);
            if (drawing is null or { TooLong: true })
            {
                return null;
            }

            await Task.WhenAll(feeding, complaints);
            await process.WaitForExitAsync(limit.Token);
            return process.ExitCode == 0 && !drawing.Empty ? drawing.ToWaveform(callId) : null;
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            throw new TimeoutException("Decoding a recording took too long.");
        }
        finally
        {
            End(process);
            await Task.WhenAll(feeding, complaints).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private Process Start(string contentType)
    {
        var (ffmpeg, limiter) = tools.Value;
        var start = new ProcessStartInfo(limiter ?? ffmpeg!)
        {
            UseShellExecute = false, CreateNoWindow = true, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = Path.GetTempPath(),
        };
        start.Environment.Clear();
        IEnumerable<string> own = limiter is null ? [] : [MostMemory, MostProcessorSeconds, "--", ffmpeg!];
        foreach (var argument in own.Concat(
            [
                "-nostdin", "-hide_banner", "-loglevel", "error", "-threads", "1", "-protocol_whitelist", "pipe", "-f", Format(contentType), "-i", "pipe:0",
                "-map", "0:a:0", "-vn", "-sn", "-dn", "-map_metadata", "-1", "-ar", "8000", "-c:a", "pcm_s16le", "-f", "wav", "pipe:1",
            ]))
        {
            start.ArgumentList.Add(argument);
        }

        return Process.Start(start) ?? throw new InvalidOperationException("No process was started.");
    }

    private static string Format(string contentType) =>
        contentType == AudioKind.Wav.ContentType ? "wav" : contentType == AudioKind.Ogg.ContentType ? "ogg" : "mp3";

    private static async Task FeedAsync(Process process, KeptSound sound, CancellationToken cancel)
    {
        try
        {
            await using var input = process.StandardInput.BaseStream;
            await sound.CopyToAsync(input, 0, sound.Length, cancel);
        }
        catch (IOException)
        {
            // It has heard enough and closed its end; its exit code says whether that was right.
        }
    }

    private static async Task DrainAsync(Stream stream, CancellationToken cancel)
    {
        // Not kept: its complaints quote what it was fed.
        var nowhere = new byte[4096];
        while (await stream.ReadAsync(nowhere, cancel) > 0)
        {
        }
    }

    /// <summary>Reads the WAV that is piped out: how many channels it has is in its header.</summary>
    private static async Task<Drawing?> ReadAsync(Stream output, CancellationToken cancel)
    {
        var header = new byte[12];
        if (await output.ReadAtLeastAsync(header, 12, throwOnEndOfStream: false, cancel) < 12)
        {
            return null;
        }

        var channels = 0;
        var chunk = new byte[8];
        while (await output.ReadAtLeastAsync(chunk, 8, throwOnEndOfStream: false, cancel) == 8)
        {
            var length = BinaryPrimitives.ReadUInt32LittleEndian(chunk.AsSpan(4));
            if (chunk.AsSpan(0, 4).SequenceEqual("data"u8))
            {
                return channels is >= 1 and <= 8 ? await ReadSamplesAsync(output, new Drawing(channels, SamplesPerSecond), channels, cancel) : null;
            }

            var body = new byte[length <= 64 * 1024 ? (int)length : throw new InvalidDataException("The decoder's answer is not understood.")];
            await output.ReadExactlyAsync(body, cancel);
            if (chunk.AsSpan(0, 4).SequenceEqual("fmt "u8) && body.Length >= 16)
            {
                channels = BinaryPrimitives.ReadUInt16LittleEndian(body.AsSpan(2));
            }
        }

        return null;
    }

    private static async Task<Drawing> ReadSamplesAsync(Stream output, Drawing drawing, int channels, CancellationToken cancel)
    {
        var frame = channels * sizeof(short);
        var buffer = new byte[frame * 4096];
        var left = 0;
        while (!drawing.TooLong && await output.ReadAsync(buffer.AsMemory(left), cancel) is > 0 and var read)
        {
            var here = left + read;
            var whole = here - (here % frame);
            for (var at = 0; at < whole; at += frame)
            {
                drawing.Add(MemoryMarshal.Cast<byte, short>(buffer.AsSpan(at, frame)));
            }

            left = here - whole;
            buffer.AsSpan(whole, left).CopyTo(buffer);
        }

        return drawing;
    }

    private static void End(Process process)
    {
        try
        {
            process.Kill(entireProcessTree: true);
        }
        catch (Exception error) when (error is InvalidOperationException or Win32Exception)
        {
            // It has ended already.
        }
    }

    /// <summary>A program by its path, or by its name on the search path; null when there is none.</summary>
    private static string? Find(string name) => name.Length == 0 ? null
        : Path.IsPathRooted(name) ? (File.Exists(name) ? name : null)
        : (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .SelectMany(folder => new[] { Path.Combine(folder, name), Path.Combine(folder, name + ".exe") })
            .FirstOrDefault(File.Exists);
}
