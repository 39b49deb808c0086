using System.Text;
using AiRudder.Dashboard.Tests.Support;
using AiRudder.Dashboard.Webhooks.Uploads;

namespace AiRudder.Dashboard.Tests.Webhooks.Uploads;

public sealed class UploadBodiesTests
{
    public static TheoryData<string, string, string[]> Files => new()
    {
        { "nothing", " \n \r\n", [] },
        { "one body", """{"a":1}""", ["""{"a":1}"""] },
        { "one body over several lines, with its last line end", "{\n  \"a\": [1,\n 2]\n}\n", ["{\n  \"a\": [1,\n 2]\n}\n"] },
        { "lines", "{\"a\":1}\n{\"b\":\"}\\\"\"}\r\n\r\n{\"c\":{}}", ["""{"a":1}""", """{"b":"}\""}""", """{"c":{}}"""] },
        { "an array", "[ {\"a\":1} ,\n{\"b\":[{}]}\n]\n", ["""{"a":1}""", """{"b":[{}]}"""] },
        { "an empty array", "[]", [] },
        { "an array in each line", "[{\"a\":1}]\n[{\"b\":1},{\"c\":1}]\n", ["""{"a":1}""", """{"b":1}""", """{"c":1}"""] },
        { "a mark in front", "\ufeff{\"a\":1}\n{\"b\":1}", ["""{"a":1}""", """{"b":1}"""] },
        { "a broken line", "{\"a\":1}\n{\"b\":\n{\"c\":1}\n", ["""{"a":1}""", "2: The line ends within this body.", """{"c":1}"""] },
        { "a text that never ends", "{\"a\":1}\n{\"b\":\"x\n{\"c\":1}\n", ["""{"a":1}""", "2: The line ends within a text.", """{"c":1}"""] },
        { "no JSON at all", "hello\n{\"a\":1}\nworld\n", ["1: No JSON object stands here: a body begins with {.", """{"a":1}""", "3: No JSON object stands here: a body begins with {."] },
        { "something behind a body", "{\"a\":1} x\n{\"b\":1}\n", ["""{"a":1}""", "1: No JSON object stands here: a body begins with {.", """{"b":1}"""] },
        { "no object in an array", "[{\"a\":1},\n5,\"x,]\",null,{\"b\":1}]", ["""{"a":1}""", "2: No JSON object stands here: a body begins with {.", "2: No JSON object stands here: a body begins with {.", "2: No JSON object stands here: a body begins with {.", """{"b":1}"""] },
        { "an end within a body", "{\"a\":1}\n{\"b\":1", ["""{"a":1}""", "2: The file ends within this body."] },
        { "an end within an array", "[{\"a\":1},", ["""{"a":1}""", "1: The file ends within the array that began in line 1."] },
    };

    [Theory]
    [MemberData(nameof(Files))]
    [Trait("Requirement", "D10")]
    public async Task Next_InPiecesOfAnySize_FindsEveryBodyAndEveryFault(string what, string file, string[] expected)
    {
        Assert.NotEmpty(what);
        foreach (var piece in new[] { 1, 2, 7, 100_000 })
        {
            Assert.Equal(expected, await ReadAsync(file, piece));
        }
    }

    [Fact]
    [Trait("Requirement", "L2")]
    public async Task Next_BodyLargerThanAnyBuffer_IsWhole()
    {
        var large = $$"""{"a":"{{new string('x', 300_000)}}"}""";

        Assert.Equal([large, """{"b":1}"""], await ReadAsync(large + "\n{\"b\":1}\n", 10_000));
    }

    [Fact]
    public async Task Next_BodyThatWasNotRead_IsPassedOver()
    {
        using var bodies = new UploadBodies(new MemoryStream(Encoding.UTF8.GetBytes("{\"a\":1}\n{\"b\":1}\n")));

        Assert.Equal(1, (await bodies.NextAsync(default))!.Line);
        Assert.Equal(2, (await bodies.NextAsync(default))!.Line);
        Assert.Null(await bodies.NextAsync(default));
    }

    [Fact]
    public void UploadWords_AsTheyAreKept_AreEnglishWhoeverUploads()
    {
        using var reader = new InLanguage("id-ID");
        var tally = new UploadTally { Stored = 1234, Copies = 2, Failed = 1 };

        Assert.Equal("1,234 new, 2 already there, 1 could not be taken", UploadWords.Of(tally, null));
        Assert.Equal("1.234 baru, 2 sudah ada, 1 tidak dapat diterima", UploadWords.Said(tally));
    }

    private static async Task<List<string>> ReadAsync(string file, int piece)
    {
        using var bodies = new UploadBodies(new Pieces(Encoding.UTF8.GetBytes(file), piece));
        var found = new List<string>();
        while (true)
        {
            try
            {
                if (await bodies.NextAsync(default) is not { } body)
                    return found;

                using var text = new MemoryStream();
                await body.CopyToAsync(text, 13);
                found.Add(Encoding.UTF8.GetString(text.ToArray()));
            }
            catch (UnusableBodyException error)
            {
                found.Add($"{error.Line}: {error.Message}");
            }
        }
    }

    private sealed class Pieces(byte[] bytes, int piece) : MemoryStream(bytes)
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => base.ReadAsync(buffer[..Math.Min(piece, buffer.Length)], cancellationToken);
    }
}
