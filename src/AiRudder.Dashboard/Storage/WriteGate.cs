using Microsoft.Extensions.Options;

namespace AiRudder.Dashboard.Storage;

/// <summary>
/// SQLite has one writer. Waiting for it by its busy handler is unfair and sleeps in steps; this gate hands the pen over in turn
/// between the inbox and the worker of this process. On SQL Server it is always open.
/// </summary>
public sealed class WriteGate(IOptions<StorageOptions> storage) : IDisposable
{
    private readonly SemaphoreSlim? pen = storage.Value.Provider == StorageProvider.Sqlite ? new(1, 1) : null;

    public async Task<IDisposable> EnterAsync(CancellationToken cancel)
    {
        if (pen is null)
        {
            return Pass.Open;
        }

        await pen.WaitAsync(cancel);
        return new Pass(pen);
    }

    public void Dispose() => pen?.Dispose();

    private sealed class Pass(SemaphoreSlim? pen) : IDisposable
    {
        public static readonly Pass Open = new(null);

        private SemaphoreSlim? held = pen;

        public void Dispose() => Interlocked.Exchange(ref held, null)?.Release();
    }
}
