using System.Buffers.Binary;
using System.Diagnostics;

namespace AiRudder.Dashboard.FaultTests.Rig;

/// <summary>
/// The machine below the product, made to misbehave: a small library in C that is loaded before all others (see faults.c). Null
/// where it cannot be compiled.
/// </summary>
internal sealed class Shim
{
    private readonly string library;
    private readonly string control;
    private readonly string? shadow;

    private Shim(string library, string control, string? shadow)
    {
        this.library = library;
        this.control = control;
        this.shadow = shadow;
        Tell();
    }

    public const string Unavailable = "needs Linux and gcc, to compile the library that plays the fault";

    /// <summary>Syncs answer EIO.</summary>
    public bool FailSync { get; set => Change(ref field, value); }

    /// <summary>Syncs take this long.</summary>
    public TimeSpan DelaySync { get; set => Change(ref field, value); }

    /// <summary>Syncs of the journal do nothing: the mode that the product does not offer.</summary>
    public bool IgnoreJournal { get; set => Change(ref field, value); }

    /// <summary>Files cannot grow.</summary>
    public bool DiskFull { get; set => Change(ref field, value); }

    /// <summary>The time of day is wrong by this much.</summary>
    public TimeSpan ClockOffset { get; set => Change(ref field, value); }

    /// <param name="scratch">Where it may keep its files.</param>
    /// <param name="withShadow">Keep what a disk would hold after a loss of power.</param>
    public static async Task<Shim?> CreateAsync(string scratch, bool withShadow = false)
    {
        var folder = Directory.CreateDirectory(Path.Combine(scratch, $"shim-{Guid.NewGuid():N}")).FullName;
        var library = Path.Combine(folder, "faults.so");
        foreach (var name in new[] { "faults.h", "faults.c", "disk.c" })
        {
            await using var code = File.Create(Path.Combine(folder, name));
            await typeof(Shim).Assembly.GetManifestResourceStream($"Shim/{name}")!.CopyToAsync(code);
        }

        try
        {
            using var compiler = Process.Start("gcc", ["-shared", "-fPIC", "-O2", "-o", library, Path.Combine(folder, "faults.c"), Path.Combine(folder, "disk.c"), "-ldl", "-lpthread"]);
            await compiler.WaitForExitAsync();
            if (compiler.ExitCode != 0)
            {
                return null;
            }
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null;
        }

        var shadow = withShadow ? Path.Combine(folder, "shadow") : null;
        if (shadow is not null)
        {
            foreach (var kind in new[] { "files", "dirty", "folders" })
            {
                Directory.CreateDirectory(Path.Combine(shadow, kind));
            }
        }

        return new Shim(library, Path.Combine(folder, "control"), shadow);
    }

    public void AddTo(IDictionary<string, string?> environment, string dataFolder)
    {
        environment["LD_PRELOAD"] = library;
        environment["FAULT_CONTROL"] = control;
        environment["FAULT_ROOT"] = dataFolder;
        if (shadow is not null)
        {
            environment["FAULT_SHADOW"] = shadow;
        }
    }

    /// <summary>Builds the data folder as a disk would show it after a loss of power.</summary>
    public void Restore(string folder, string below = "")
    {
        Directory.CreateDirectory(folder);
        var list = Path.Combine(shadow!, "folders", "@" + below.Replace('/', '@'));
        foreach (var line in File.Exists(list) ? File.ReadAllLines(list) : [])
        {
            var parts = line.Split(' ', 3);
            var target = Path.Combine(folder, parts[2]);
            var content = Path.Combine(shadow!, "files", parts[1]);
            if (parts[0] == "d")
            {
                Restore(target, $"{below}/{parts[2]}");
            }
            else if (File.Exists(content))
            {
                File.Copy(content, target);
            }
            else
            {
                File.Create(target).Dispose();
            }
        }
    }

    private void Change<T>(ref T field, T value)
    {
        field = value;
        Tell();
    }

    private void Tell()
    {
        var bytes = new byte[24];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, FailSync ? 1 : 0);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(4), (int)DelaySync.TotalMilliseconds);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(8), IgnoreJournal ? 1 : 0);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(12), DiskFull ? 1 : 0);
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(16), (long)ClockOffset.TotalSeconds);

        // In place: the product has it mapped.
        using var file = new FileStream(control, FileMode.OpenOrCreate, FileAccess.Write, FileShare.ReadWrite);
        file.Write(bytes);
    }
}
