using System.IO.Pipes;

namespace AiRudder.Dashboard.Benchmarks;

/// <summary>What a product holds in memory.</summary>
/// <param name="Resident">Bytes of the process in memory, garbage included.</param>
/// <param name="Held">Bytes of its heap after a collection.</param>
internal sealed record Heap(long Resident, long Held)
{
    /// <summary>Lets a product answer on a pipe.</summary>
    public static void AddTo(Dictionary<string, string> settings, string pipe) =>
        (settings["DOTNET_STARTUP_HOOKS"], settings[StartupHook.Pipe]) = (typeof(StartupHook).Assembly.Location, pipe);

    public static async Task<Heap> OfAsync(string pipe)
    {
        await using var client = new NamedPipeClientStream(".", pipe, PipeDirection.In);
        await client.ConnectAsync(TimeSpan.FromMinutes(1), CancellationToken.None);
        using var answer = new BinaryReader(client);
        return new Heap(answer.ReadInt64(), answer.ReadInt64());
    }
}
