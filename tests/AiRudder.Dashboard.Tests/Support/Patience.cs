using System.Runtime.CompilerServices;
using Bunit;

namespace AiRudder.Dashboard.Tests.Support;

/// <summary>A page under test reads a real store; on a busy machine that takes longer than bUnit's second. Whoever waits in vain waits this long.</summary>
internal static class Patience
{
#pragma warning disable CA2255 // a module initializer is wanted here
    [ModuleInitializer]
    internal static void Init() => BunitContext.DefaultWaitTimeout = TimeSpan.FromSeconds(30);
#pragma warning restore CA2255
}
