using System.Runtime.InteropServices;

namespace AiRudder.Dashboard.FaultTests.Rig;

/// <summary>The few system calls that .NET has no method for. Linux only, like the rig.</summary>
internal static partial class Native
{
    private const int Terminate = 15;

    public static void SendTerminate(int process) => _ = Kill(process, Terminate);

    /// <summary>A small disk of its own; false where that is not permitted.</summary>
    public static bool MountSmallDisk(string folder, int megabytes) => Mount("tmpfs", folder, "tmpfs", 0, $"size={megabytes}m") == 0;

    public static void Unmount(string folder) => _ = Unmount(folder, 0);

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int process, int signal);

    [LibraryImport("libc", EntryPoint = "mount", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Mount(string source, string target, string type, nuint flags, string options);

    [LibraryImport("libc", EntryPoint = "umount2", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Unmount(string target, int flags);
}
