namespace AiRudder.Dashboard.Recordings;

/// <summary>A recording that arrives to be kept.</summary>
/// <param name="response">Disposed with it.</param>
/// <param name="body">What follows <paramref name="first"/>.</param>
/// <param name="first">Its first bytes, which have been read already.</param>
/// <param name="start">Place in the file that <paramref name="first"/> begins at.</param>
/// <param name="total">Bytes of the whole file, when the vendor says.</param>
/// <param name="validator">Names this very file, for going on later.</param>
public sealed class ArrivingRecording(HttpResponseMessage response, Stream body, byte[] first, long start, long? total, string? validator) : IDisposable
{
    private readonly byte[] buffer = new byte[64 * 1024];
    private bool begun;

    public long Start => start;

    public long? Total => total;

    public string? Validator => validator;

    /// <summary>The next bytes; empty at the end.</summary>
    public async ValueTask<ReadOnlyMemory<byte>> NextAsync(CancellationToken cancel)
    {
        if (!begun)
        {
            begun = true;
            return first;
        }

        return first.Length == 0 ? default : buffer.AsMemory(0, await body.ReadAsync(buffer, cancel));
    }

    public void Dispose() => response.Dispose();
}
