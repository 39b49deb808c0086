using AiRudder.Dashboard.FaultTests.Rig;

namespace AiRudder.Dashboard.FaultTests;

/// <summary>One thing that goes wrong in the world. Bounded in time and count.</summary>
internal abstract class Fault
{
    /// <summary>What happens, in a word.</summary>
    public abstract string Name { get; }

    /// <summary>Numbers of the requirements it proves.</summary>
    public abstract string Proves { get; }

    /// <param name="scratch">An empty folder of its own.</param>
    /// <param name="isShort">The quick form.</param>
    /// <param name="verdict">Where the findings go.</param>
    public abstract Task PlayAsync(string scratch, bool isShort, Verdict verdict);

    /// <summary>A new folder in the scratch folder, to serve as a data folder.</summary>
    protected static string Folder(string scratch, string name = "data") => Directory.CreateDirectory(Path.Combine(scratch, name)).FullName;

    /// <summary>Seconds between two bounds, anew each time: a fault must not know the moment.</summary>
    protected static TimeSpan Between(double least, double most) => TimeSpan.FromSeconds(least + (Random.Shared.NextDouble() * (most - least)));
}
