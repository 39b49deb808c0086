using System.Text;
using System.Text.Json;
using AiRudder.Dashboard.Webhooks.Wire;

namespace AiRudder.Dashboard.Tests.Webhooks.Wire;

[Trait("Requirement", "L2")]
public sealed class BodyScanTests
{
    [Fact]
    public async Task Details_BeforeTheEnvelope_AreReadAlike()
    {
        var (shape, elements) = await ScanAsync("""{"details":[{"a":1},2,"x"],"task_id":"t","n":{"details":[9]}}""");

        Assert.Equal("""{"task_id":"t","n":{"details":[9]}}""", Encoding.UTF8.GetString(shape.Envelope!));
        Assert.Equal(["{\"a\":1}", "2", "\"x\""], elements.Select(element => element.Json));
        Assert.Equal([12L, 20, 22], elements.Select(element => element.Position));
        Assert.True(shape.HasDetails);
        Assert.Equal(3, shape.Elements);
    }

    [Theory]
    [InlineData("null", JsonTokenType.Null)]
    [InlineData("[]", JsonTokenType.StartArray)]
    [InlineData("[{\"details\":[{}]}]", JsonTokenType.StartArray)]
    [InlineData("\"text\"", JsonTokenType.String)]
    [InlineData("17", JsonTokenType.Number)]
    [InlineData("true", JsonTokenType.True)]
    [InlineData("", JsonTokenType.None)]
    [InlineData(" \r\n\t ", JsonTokenType.None)]
    public async Task Root_OfAnotherKind_IsSaid(string body, JsonTokenType root)
    {
        var (shape, elements) = await ScanAsync(body);

        Assert.Null(shape.Envelope);
        Assert.Equal(root, shape.Root);
        Assert.Empty(elements);
    }

    [Theory]
    [InlineData("{\"details\":{\"a\":1}}")]
    [InlineData("{\"details\":null}")]
    [InlineData("{\"details\":\"[]\"}")]
    public async Task Details_ThatAreNoArray_AreAField(string body)
    {
        var (shape, elements) = await ScanAsync(body);

        Assert.False(shape.HasDetails);
        Assert.Contains("details", shape.FieldNames);
        Assert.Empty(elements);
    }

    [Theory]
    [InlineData("{\"a\":1", 6)]
    [InlineData("{\"details\":[{\"a\":1},{\"b\":", 24)]
    [InlineData("{\"details\":[{\"a\":1},{\"b\":\"cut", 25)]
    [InlineData("{\"a\":1}}", 7)]
    [InlineData("{\"a\":1} x", 8)]
    [InlineData("{\"a\":1}{\"a\":2}", 7)]
    [InlineData("{'a':1}", 1)]
    [InlineData("{\"a\":01}", 6)]
    [InlineData("{\"details\":[1,]}", 14)]
    [InlineData("nul", 0)]
    [InlineData("<html>", 0)]
    public async Task Body_ThatIsNoJson_SaysWhere(string body, long position)
    {
        var error = await Assert.ThrowsAsync<UnreadableBodyException>(() => ScanAsync(body));

        Assert.InRange(error.Position!.Value, position - 1, position + 1);
        Assert.StartsWith("Not JSON", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Requirement", "P2")]
    public async Task Body_ThatIsNoJson_IsNotQuoted()
    {
        var error = await Assert.ThrowsAsync<UnreadableBodyException>(() => ScanAsync("{\"a\":+6281234567}"));

        Assert.DoesNotContain("628", error.Message, StringComparison.Ordinal);
        Assert.Equal("a", error.Field);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(4096)]
    public async Task Body_CutInPiecesOfAnySize_IsReadAlike(int piece)
    {
        // Around 64 KB, where the buffer doubles, and below, where elements straddle its end.
        int[] sizes = [10, 65_520, 65_535, 65_536, 65_537, 3, 131_071, 131_072, 131_073, 50, 262_200, 1];
        if (piece == 1)
            sizes = [10, 65_535, 65_537, 131_073, 3];

        var texts = sizes.Select((size, index) => new string((char)('a' + index), size)).ToList();
        var body = $$"""{"first":"{{new string('e', 70_000)}}","details":[{{string.Join(" , ", texts.Select(text => $"{{\"t\":\"{text}\"}}"))}}],"last":"é👍"}""";

        var (shape, elements) = await ScanAsync(body, piece);

        Assert.Equal(texts.Select(text => $"{{\"t\":\"{text}\"}}"), elements.Select(element => element.Json));
        Assert.All(elements, element => Assert.Equal(element.Json, body.Substring((int)element.Position, element.Json.Length)));
        using var envelope = JsonDocument.Parse(shape.Envelope);
        Assert.Equal("é👍", envelope.RootElement.GetProperty("last").GetString());
        Assert.Equal(70_000, envelope.RootElement.GetProperty("first").GetString()!.Length);
    }

    [Fact]
    public async Task Element_OfTenThousandLevels_IsHandedOverWhole()
    {
        var deep = new string('[', 10_000) + new string(']', 10_000);

        var (_, elements) = await ScanAsync($$"""{"details":[{"a":{{deep}}},{"b":1}]}""");

        Assert.Equal([$$"""{"a":{{deep}}}""", "{\"b\":1}"], elements.Select(element => element.Json));
    }

    [Fact]
    public async Task Nesting_OfTwoMillionLevels_IsRefusedNotFatal() =>
        await Assert.ThrowsAsync<UnreadableBodyException>(() => ScanAsync("{\"a\":" + new string('[', 2_000_000)));

    [Fact]
    public async Task Value_LargerThanAnyBuffer_IsRefused()
    {
        var error = await Assert.ThrowsAsync<UnreadableBodyException>(() => new BodyScan(new Endless("{\"name\":\""u8.ToArray())).ReadAsync(null, default));

        Assert.Contains("larger than 16 MB", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Bytes_ThatAreNoUtf8_DoNotStopTheScan()
    {
        byte[] body = [.. "{\"na"u8, 0xff, .. "me\":\"x"u8, 0xfe, .. "\",\"details\":[{\"a\":\""u8, 0xc0, 0xaf, .. "\"},{}]}"u8];

        var (shape, elements) = await ScanAsync(body);

        Assert.Equal(2, elements.Count);
        Assert.NotNull(shape.Envelope);
    }

    [Fact]
    public async Task Details_Twice_AreAllRead()
    {
        var (_, elements) = await ScanAsync("""{"details":[1],"x":0,"Details":[2,3]}""");

        Assert.Equal(["1", "2", "3"], elements.Select(element => element.Json));
    }

    private static Task<(BodyShape Shape, List<(string Json, long Position)> Elements)> ScanAsync(string body, int piece = int.MaxValue) => ScanAsync(Encoding.UTF8.GetBytes(body), piece);

    private static async Task<(BodyShape Shape, List<(string Json, long Position)> Elements)> ScanAsync(byte[] body, int piece = int.MaxValue)
    {
        var elements = new List<(string, long)>();
        var shape = await new BodyScan(new Pieces(body, piece)).ReadAsync(
            element =>
            {
                Assert.Equal(elements.Count, element.Ordinal);
                elements.Add((Encoding.UTF8.GetString(element.Json.Span), element.Position));
                return ValueTask.CompletedTask;
            },
            default);
        return (shape, elements);
    }

    /// <summary>Hands out a body a few bytes at a time, as a network does.</summary>
    private sealed class Pieces(byte[] body, int piece) : MemoryStream(body)
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            ValueTask.FromResult(Read(buffer.Span[..Math.Min(piece, buffer.Length)]));
    }

    private sealed class Endless(byte[] head) : MemoryStream(head)
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (Position < Length)
                return ValueTask.FromResult(Read(buffer.Span));

            buffer.Span.Fill((byte)'x');
            return ValueTask.FromResult(buffer.Length);
        }
    }
}
