namespace AiRudder.Dashboard.Exports;

/// <summary>
/// Holds what is written until it is sent on. An archive also writes synchronously, when it closes its entries; the answer of a request
/// may only be written to asynchronously.
/// </summary>
internal sealed class Outbox : Stream
{
    /// <summary>From so many bytes on it is worth sending.</summary>
    private const int Enough = 64 * 1024;

    private readonly MemoryStream held = new();

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public bool IsFull => held.Length >= Enough;

    public async Task SendAsync(Stream target, CancellationToken cancel)
    {
        await target.WriteAsync(held.GetBuffer().AsMemory(0, (int)held.Length), cancel);
        held.SetLength(0);
    }

    public override void Write(byte[] buffer, int offset, int count) => held.Write(buffer, offset, count);

    public override void Write(ReadOnlySpan<byte> buffer) => held.Write(buffer);

    public override void Flush()
    {
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            held.Dispose();
        }

        base.Dispose(disposing);
    }
}
