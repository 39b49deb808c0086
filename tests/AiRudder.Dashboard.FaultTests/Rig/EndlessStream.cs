namespace AiRudder.Dashboard.FaultTests.Rig;

/// <summary>A body of blanks that is never held in memory.</summary>
internal sealed class EndlessStream(long length) : Stream
{
    private long left = length;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public override int Read(byte[] buffer, int offset, int count)
    {
        var most = (int)Math.Min(count, left);
        buffer.AsSpan(offset, most).Fill((byte)' ');
        left -= most;
        return most;
    }

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
