using System.Runtime.CompilerServices;
using System.Runtime.Loader;

namespace AiRudder.Dashboard.Tests.Support;

/// <summary>bUnit is built against a later AngleSharp.Diffing than can be restored everywhere; the older one has all it calls.</summary>
internal static class AngleSharpDiffing
{
#pragma warning disable CA2255 // a module initializer is wanted here
    [ModuleInitializer]
    internal static void Init() => AssemblyLoadContext.Default.Resolving += (context, name) =>
        name.Name == "AngleSharp.Diffing"
            ? context.LoadFromAssemblyPath(Path.Combine(AppContext.BaseDirectory, "compat", "AngleSharp.Diffing.dll"))
            : null;
#pragma warning restore CA2255
}
