using System.Net.Http.Headers;

namespace AiRudder.Dashboard.Recordings;

/// <summary>What the first bytes of a file say that it is.</summary>
public sealed record AudioKind(string ContentType)
{
    /// <summary>Enough of a file's beginning to tell.</summary>
    public const int SniffLength = 512;

    /// <summary>The longest beginning that <see cref="Sniff"/> looks at.</summary>
    public const int Telling = 12;

    public static readonly AudioKind Mp3 = new("audio/mpeg");
    public static readonly AudioKind Wav = new("audio/wav");
    public static readonly AudioKind Ogg = new("audio/ogg");

    /// <summary>The kind, or null for what is no audio we know.</summary>
    public static AudioKind? Sniff(ReadOnlySpan<byte> first) =>
        first.StartsWith("RIFF"u8) && first.Length >= 12 && first[8..].StartsWith("WAVE"u8) ? Wav
        : first.StartsWith("OggS\0"u8) ? Ogg
        : first.StartsWith("ID3"u8) && first.Length >= 10 && first[3] < 0xff && first[4] < 0xff && (first[6] | first[7] | first[8] | first[9]) < 0x80 ? Mp3
        : IsFrame(first) ? Mp3
        : null;

    /// <summary>What the vendor's header may say: some audio, or that it does not know.</summary>
    public static bool Fits(MediaTypeHeaderValue? header) => header?.MediaType is not { } type ||
        type.StartsWith("audio/", StringComparison.OrdinalIgnoreCase) ||
        type.Equals("application/octet-stream", StringComparison.OrdinalIgnoreCase) ||
        type.Equals("binary/octet-stream", StringComparison.OrdinalIgnoreCase) ||
        type.Equals("application/ogg", StringComparison.OrdinalIgnoreCase);

    /// <summary>
    /// An MPEG audio frame begins with eleven set bits, then version, layer, bit rate and sampling rate, each with a value that may not
    /// occur: <c>FF FB 90 64</c> is one. A UTF-16 text beginning with FF FE fails on its layer.
    /// </summary>
    private static bool IsFrame(ReadOnlySpan<byte> first) => first.Length >= 4 &&
        first[0] == 0xff && (first[1] & 0xe0) == 0xe0 &&
        (first[1] & 0x18) != 0x08 && (first[1] & 0x06) is not 0 and not 0x06 &&
        (first[2] & 0xf0) is not 0xf0 && (first[2] & 0x0c) != 0x0c;
}
