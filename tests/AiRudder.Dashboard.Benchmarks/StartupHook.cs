using System.IO.Pipes;
using System.Runtime;

/// <summary>Runs inside the product, which is started with this assembly as a startup hook, and tells what its heap holds.</summary>
internal static class StartupHook
{
    public const string Pipe = "BENCHMARK_HEAP_PIPE";

    public static void Initialize()
    {
        if (Environment.GetEnvironmentVariable(Pipe) is { Length: > 0 } name)
        {
            new Thread(() => Answer(name)) { IsBackground = true }.Start();
        }
    }

    private static void Answer(string name)
    {
        while (true)
        {
            using var pipe = new NamedPipeServerStream(name, PipeDirection.Out);
            pipe.WaitForConnection();
            using var answer = new BinaryWriter(pipe);
            answer.Write(Environment.WorkingSet);
            for (var i = 0; i < 3; i++)
            {
                GCSettings.LargeObjectHeapCompactionMode = GCLargeObjectHeapCompactionMode.CompactOnce;
                GC.Collect(GC.MaxGeneration, GCCollectionMode.Forced, blocking: true, compacting: true);
                GC.WaitForPendingFinalizers();
            }

            answer.Write(GC.GetTotalMemory(forceFullCollection: false));
        }
    }
}
