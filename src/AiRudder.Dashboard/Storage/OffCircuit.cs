using System.Runtime.CompilerServices;

namespace AiRudder.Dashboard.Storage;

/// <summary>
/// SQLite's asynchronous methods work synchronously. A page's query would hold its circuit meanwhile, and with it every click
/// and tick of that page; awaiting this first moves the rest of the method to the thread pool.
/// </summary>
public static class OffCircuit
{
    public static ConfiguredTaskAwaitable Go() => Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
}
