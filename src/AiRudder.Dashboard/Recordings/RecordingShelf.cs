using System.Security.Cryptography;
using AiRudder.Dashboard.Storage;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.Options;

namespace AiRudder.Dashboard.Recordings;

/// <summary>
/// Kept sounds as files under <c>recordings</c> in the data directory. Each has a key of its own, which lies sealed in the database:
/// the keys that unseal it are the data-protection keys, which lie elsewhere again. Deleting the row's key is deleting the sound.
/// </summary>
public sealed class RecordingShelf(IOptions<StorageOptions> storage, IDataProtectionProvider protection, TimeProvider time)
{
    private const string Partial = ".part";

    /// <summary>A file that no row names may belong to a row that is being written.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromHours(1);

    private readonly string folder = Path.Combine(storage.Value.DataDirectory, "recordings");
    private readonly IDataProtector protector = protection.CreateProtector("AiRudder.Dashboard.Recordings.v1");

    public static string NewName() => $"{Guid.NewGuid():N}.sound";

    /// <summary>A new key, sealed.</summary>
    public byte[] NewKey() => protector.Protect(RandomNumberGenerator.GetBytes(SoundChunks.KeyBytes));

    /// <summary>Goes on where an earlier try ended, or begins.</summary>
    /// <exception cref="CryptographicException">The keys that sealed this file's key are not here.</exception>
    public async Task<SoundPart> ContinueAsync(string name, byte[] key, CancellationToken cancel)
    {
        DurableFolder.Create(folder);
        var path = PathOf(name);
        var whole = File.Exists(path);
        var part = new SoundPart(path, path + Partial, Cipher(key), whole);
        try
        {
            await part.ReadAsync(cancel);
            return part;
        }
        catch
        {
            await part.DisposeAsync();
            throw;
        }
    }

    /// <summary>Opens a kept sound; null when its file is not on this machine.</summary>
    /// <exception cref="CryptographicException">The keys that sealed this file's key are not here.</exception>
    public KeptSound? Open(string name, byte[] key, long bytes)
    {
        try
        {
            var file = new FileStream(PathOf(name), FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, 1, useAsync: true);
            try
            {
                return new KeptSound(file, Cipher(key), bytes);
            }
            catch
            {
                file.Dispose();
                throw;
            }
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    /// <summary>Removes a sound and what there is of it half-fetched.</summary>
    public void Delete(string name)
    {
        if (Directory.Exists(folder))
        {
            File.Delete(PathOf(name));
            File.Delete(PathOf(name) + Partial);
        }
    }

    /// <summary>Names of sounds whose files have lain untouched for a while, half-fetched ones included.</summary>
    public IReadOnlyList<string> Resting() => !Directory.Exists(folder) ? [] :
    [
        .. new DirectoryInfo(folder).EnumerateFiles()
            .Where(file => time.GetUtcNow().UtcDateTime - file.LastWriteTimeUtc > Grace)
            .Select(file => file.Name.EndsWith(Partial, StringComparison.Ordinal) ? file.Name[..^Partial.Length] : file.Name)
            .Distinct(),
    ];

    private AesGcm Cipher(byte[] key)
    {
        var plain = protector.Unprotect(key);
        try
        {
            return SoundChunks.Cipher(plain);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(plain);
        }
    }

    /// <summary>Names are ours; one that is not stays inside the folder all the same.</summary>
    private string PathOf(string name) => Path.Combine(folder, Path.GetFileName(name));
}
