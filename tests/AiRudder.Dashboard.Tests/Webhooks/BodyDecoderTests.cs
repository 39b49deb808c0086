using System.IO.Compression;
using System.Text;
using AiRudder.Dashboard.Webhooks;
using AiRudder.Dashboard.Webhooks.Wire;

namespace AiRudder.Dashboard.Tests.Webhooks;

[Trait("Requirement", "D3")]
public sealed class BodyDecoderTests
{
    private const string Body = """{"task_id":"é ü 测试 👍","details":[]}""";

    public static TheoryData<string, byte[], string?> Encodings => new()
    {
        { "UTF-8", Encoding.UTF8.GetBytes(Body), null },
        { "UTF-8, said", Encoding.UTF8.GetBytes(Body), "UTF-8" },
        { "UTF-8, said in quotes", Encoding.UTF8.GetBytes(Body), "\"utf-8\"" },
        { "UTF-8, said without hyphen", Encoding.UTF8.GetBytes(Body), "utf8" },
        { "UTF-8 with mark", [0xef, 0xbb, 0xbf, .. Encoding.UTF8.GetBytes(Body)], null },
        { "UTF-8, called ASCII", Encoding.UTF8.GetBytes(Body), "us-ascii" },
        { "UTF-8, called UTF-16", Encoding.UTF8.GetBytes(Body), "utf-16" },
        { "UTF-8, charset unknown", Encoding.UTF8.GetBytes(Body), "martian-7" },
        { "UTF-16 little", Encoding.Unicode.GetBytes(Body), null },
        { "UTF-16 little, said", Encoding.Unicode.GetBytes(Body), "utf-16le" },
        { "UTF-16 little with mark", [0xff, 0xfe, .. Encoding.Unicode.GetBytes(Body)], "utf-8" },
        { "UTF-16 big", Encoding.BigEndianUnicode.GetBytes(Body), null },
        { "UTF-16 big with mark", [0xfe, 0xff, .. Encoding.BigEndianUnicode.GetBytes(Body)], null },
        { "UTF-32 with mark", [0xff, 0xfe, 0, 0, .. Encoding.UTF32.GetBytes(Body)], null },
    };

    public static TheoryData<string, byte[]> Packings => new()
    {
        { "gzip", Pack(stream => new GZipStream(stream, CompressionLevel.Fastest), Body) },
        { "deflate", Pack(stream => new ZLibStream(stream, CompressionLevel.Fastest), Body) },
        { "br", Pack(stream => new BrotliStream(stream, CompressionLevel.Fastest), Body) },
        { "GZIP", Pack(stream => new GZipStream(stream, CompressionLevel.Fastest), Body) },
    };

    [Theory]
    [MemberData(nameof(Encodings))]
    public async Task Text_InAnyEncoding_BecomesUtf8WithoutMark(string what, byte[] body, string? charset)
    {
        Assert.NotEmpty(what);
        Assert.Equal(Body, await DecodeAsync(body, null, charset));
    }

    [Fact]
    public async Task Text_InLatin1_IsTranscodedWhenSaid() =>
        Assert.Equal("""{"a":"Conceição"}""", await DecodeAsync(Encoding.Latin1.GetBytes("""{"a":"Conceição"}"""), null, "iso-8859-1"));

    [Theory]
    [InlineData("")]
    [InlineData("1")]
    [InlineData("{}")]
    [InlineData("nul")]
    public async Task Text_ShorterThanAnyMark_IsItself(string body) => Assert.Equal(body, await DecodeAsync(Encoding.UTF8.GetBytes(body), null, null));

    [Theory]
    [MemberData(nameof(Packings))]
    public async Task Body_Packed_IsUnpacked(string encoding, byte[] packed) => Assert.Equal(Body, await DecodeAsync(packed, encoding, null));

    [Fact]
    public async Task Body_PackedButNotSaid_IsUnpacked() => Assert.Equal(Body, await DecodeAsync(Pack(stream => new GZipStream(stream, CompressionLevel.Fastest), Body), null, null));

    [Fact]
    public async Task Body_DeflatedWithoutItsFrame_IsUnpacked() =>
        Assert.Equal(Body, await DecodeAsync(Pack(stream => new DeflateStream(stream, CompressionLevel.Fastest), Body), "deflate", null));

    [Theory]
    [InlineData("gzip")]
    [InlineData("deflate")]
    [InlineData("br")]
    [InlineData("zstd")]
    [InlineData("identity")]
    public async Task Body_SaidToBePackedButPlain_IsReadAsItIs(string encoding) => Assert.Equal(Body, await DecodeAsync(Encoding.UTF8.GetBytes(Body), encoding, null));

    [Fact]
    public async Task Body_PackedInUtf16_IsBoth()
    {
        using var packed = new MemoryStream();
        await using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
            await gzip.WriteAsync(Encoding.Unicode.GetBytes(Body));

        Assert.Equal(Body, await DecodeAsync(packed.ToArray(), "gzip", null));
    }

    [Theory]
    [InlineData("gzip", 20)]
    [InlineData("deflate", 20)]
    [InlineData("br", 20)]
    [InlineData("gzip", 5)]
    public async Task Body_WhosePackingIsDamaged_SaysSo(string encoding, int from)
    {
        var text = string.Concat(Enumerable.Range(0, 2000).Select(number => $"{number * 7919 % 10007} "));
        var packed = encoding switch
        {
            "gzip" => Pack(stream => new GZipStream(stream, CompressionLevel.Fastest), text),
            "deflate" => Pack(stream => new ZLibStream(stream, CompressionLevel.Fastest), text),
            _ => Pack(stream => new BrotliStream(stream, CompressionLevel.Fastest), text),
        };
        for (var i = from; i < packed.Length; i++)
            packed[i] ^= 0x5a;

        var error = await Assert.ThrowsAsync<UnreadableBodyException>(() => DecodeAsync(packed, encoding, null));

        Assert.Contains("ompressed", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("deflate")]
    [InlineData("br")]
    [Trait("Requirement", "L1")]
    public async Task Body_ThatUnpacksWithoutEnd_IsRefusedWithAReason(string encoding)
    {
        var zeros = new string(' ', 30_000_000);
        var packed = encoding switch
        {
            "gzip" => Pack(stream => new GZipStream(stream, CompressionLevel.Fastest), zeros),
            "deflate" => Pack(stream => new ZLibStream(stream, CompressionLevel.Fastest), zeros),
            _ => Pack(stream => new BrotliStream(stream, CompressionLevel.Fastest), zeros),
        };

        var error = await Assert.ThrowsAsync<UnreadableBodyException>(() => DecodeAsync(packed, encoding, null));

        Assert.Contains("unpacks to more than", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Requirement", "L1")]
    public async Task Body_ThatUnpacksToMoreThanTheLimit_IsRefused() =>
        await Assert.ThrowsAsync<UnreadableBodyException>(() => DecodeAsync(Pack(stream => new GZipStream(stream, CompressionLevel.Fastest), new string('x', 5000)), "gzip", null, 4999));

    private static async Task<string> DecodeAsync(byte[] body, string? encoding, string? charset, long largest = 256 * 1024 * 1024)
    {
        await using var decoded = await BodyDecoder.OpenAsync(new MemoryStream(body), body.Length, encoding, charset, largest, default);
        using var text = new MemoryStream();
        await decoded.CopyToAsync(text);
        return Encoding.UTF8.GetString(text.ToArray());
    }

    private static byte[] Pack(Func<Stream, Stream> pack, string text)
    {
        using var packed = new MemoryStream();
        using (var stream = pack(packed))
            stream.Write(Encoding.UTF8.GetBytes(text));

        return packed.ToArray();
    }
}
