using System.Collections.Concurrent;
using System.Diagnostics;

namespace AiRudder.Dashboard.FaultTests.Rig;

/// <summary>Processes the rig started: none outlives it.</summary>
internal static class Children
{
    private static readonly ConcurrentBag<Process> Started = [];

    static Children()
    {
        AppDomain.CurrentDomain.ProcessExit += (_, _) => End();
        Console.CancelKeyPress += (_, _) => End();
    }

    public static void Add(Process process) => Started.Add(process);

    private static void End()
    {
        foreach (var process in Started)
        {
            try
            {
                process.Kill();
            }
            catch (InvalidOperationException)
            {
                // It ended by itself.
            }
        }
    }
}
