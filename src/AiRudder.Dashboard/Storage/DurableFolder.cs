using System.Runtime.InteropServices;

namespace AiRudder.Dashboard.Storage;

/// <summary>
/// A new name (of a file, or of a folder) survives a loss of power only once the folder that holds it is synced. On Windows the file
/// system journals names by itself.
/// </summary>
public static partial class DurableFolder
{
    /// <summary>Creates the folder, if need be, so that it will be found again.</summary>
    public static void Create(string folder)
    {
        if (Directory.Exists(folder))
        {
            return;
        }

        var parent = Path.GetDirectoryName(Path.GetFullPath(folder));
        if (parent is not null)
        {
            Create(parent);
        }

        Directory.CreateDirectory(folder);
        if (parent is not null)
        {
            Sync(parent);
        }
    }

    /// <summary>Makes the names in the folder survive.</summary>
    /// <exception cref="IOException">They may not.</exception>
    public static void Sync(string folder)
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        var descriptor = Open(folder, 0);
        if (descriptor < 0)
        {
            throw new IOException($"A folder could not be opened for syncing (error {Marshal.GetLastPInvokeError()}).");
        }

        try
        {
            if (Sync(descriptor) != 0)
            {
                throw new IOException($"A folder could not be synced (error {Marshal.GetLastPInvokeError()}).");
            }
        }
        finally
        {
            _ = Close(descriptor);
        }
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int Sync(int descriptor);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    private static partial int Close(int descriptor);
}
