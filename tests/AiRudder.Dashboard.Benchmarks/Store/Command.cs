using System.ComponentModel;
using System.Diagnostics;

namespace AiRudder.Dashboard.Benchmarks.Store;

/// <summary>Somebody else's program is not here, or does not do what it should; the message says which.</summary>
internal sealed class NotThereException(string message) : Exception(message);

internal static class Command
{
    /// <summary>Runs a program to its end.</summary>
    /// <exception cref="NotThereException">It cannot be started, or fails.</exception>
    public static async Task<string> RunAsync(string program, IEnumerable<string> arguments, string? folder = null)
    {
        using var process = Start(program, arguments, folder);
        process.StandardInput.Close();
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        return process.ExitCode == 0 ? await output : throw new NotThereException($"{program} ended with {process.ExitCode}: {Last(await errors, await output)}");
    }

    /// <summary>Starts a program that is talked to.</summary>
    /// <exception cref="NotThereException">It cannot be started.</exception>
    public static Process Start(string program, IEnumerable<string> arguments, string? folder = null)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = folder ?? Path.GetTempPath(),
        };
        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception error)
        {
            throw new NotThereException($"{program} cannot be started: {error.Message}");
        }
    }

    private static string Last(params string[] texts) => texts.SelectMany(text => text.Split('\n')).LastOrDefault(line => line.Trim().Length > 0) ?? "it said nothing";
}
