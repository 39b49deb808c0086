using System.Text;
using System.Text.Json;
using AiRudder.Dashboard.Webhooks.Wire;

namespace AiRudder.Dashboard.Tests.Webhooks.Wire;

[Trait("Requirement", "D8")]
public sealed class WireObjectTests
{
    private readonly List<string> notes = [];

    public static TheoryData<string> Nothings => ["\"\"", "\"-\"", "\"--\"", "\"Null\"", "\"null\"", "\"NULL\"", "\"None\"", "\"none\"", "{}", "\"{}\"", "[]", "\"[]\"", "null", "\" \"", "\"\\t\\n\""];

    [Theory]
    [MemberData(nameof(Nothings))]
    public void Nothing_InAnySpelling_IsNothingAndNotOdd(string json)
    {
        var read = Read($$"""{"a":{{json}}}""");

        Assert.Null(read.Text("a"));
        Assert.Null(read.Number("a"));
        Assert.Null(read.Child("a"));
        Assert.Empty(read.Children("a"));
        Assert.Empty(read.Texts("a"));
        Assert.Null(read.JsonInText("a"));
        Assert.Null(read.Text("absent"));
        Assert.Null(read.Unknown());
        Assert.Empty(notes);
    }

    [Theory]
    [InlineData("\"-\"", "-")]
    [InlineData("\"--\"", "--")]
    [InlineData("\"None\"", "None")]
    [InlineData("\"\"", null)]
    [InlineData("null", null)]
    [InlineData("[]", null)]
    public void Verbatim_KeepsWhatMayHaveBeenSaid(string json, string? expected) => Assert.Equal(expected, Read($$"""{"a":{{json}}}""").Verbatim("a"));

    [Theory]
    [InlineData("12", 12)]
    [InlineData("\"12\"", 12)]
    [InlineData("\" 12 \"", 12)]
    [InlineData("12.0", 12)]
    [InlineData("1.2e1", 12)]
    [InlineData("\"1.2E+1\"", 12)]
    [InlineData("-3", -3)]
    [InlineData("0", 0)]
    [InlineData("1e-400", 0)]
    [InlineData("1e9", 1_000_000_000)]
    [InlineData("2147483647", int.MaxValue)]
    public void Number_AsNumberOrText_IsRead(string json, int expected)
    {
        Assert.Equal(expected, Read($$"""{"a":{{json}}}""").Number("a"));
    }

    [Theory]
    [InlineData("1e400")]
    [InlineData("-1e400")]
    [InlineData("\"1e400\"")]
    [InlineData("1e99999999999999999999")]
    [InlineData("2147483648")]
    [InlineData("\"twelve\"")]
    [InlineData("\"NaN\"")]
    [InlineData("\"0x10\"")]
    [InlineData("\"1,000,000\"")]
    [InlineData("true")]
    [InlineData("{\"a\":1}")]
    [InlineData("[1]")]
    public void Number_ThatIsNone_IsLeftEmptyAndNoted(string json)
    {
        Assert.Null(Read($$"""{"a":{{json}}}""").Number("a"));
        Assert.NotEmpty(notes);
        Assert.All(notes, note => Assert.StartsWith("$.a ", note, StringComparison.Ordinal));
    }

    [Fact]
    public void Number_WithAFraction_IsCutAndNoted()
    {
        Assert.Equal(12, Read("""{"a":12.9}""").Number("a"));
        Assert.Equal(["$.a has a fraction, which is cut off"], notes);
    }

    [Fact]
    public void Number_OfAMillionDigits_IsLeftEmpty() => Assert.Null(Read($$"""{"a":{{new string('9', 1_000_000)}}}""").Number("a"));

    [Theory]
    [InlineData("12", "12")]
    [InlineData("1e400", "1e400")]
    [InlineData("12345678901234567890", "12345678901234567890")]
    [InlineData("true", "true")]
    [InlineData("\"  blanks stay  \"", "  blanks stay  ")]
    public void Text_OfAnotherKind_IsItsText(string json, string expected) => Assert.Equal(expected, Read($$"""{"a":{{json}}}""").Text("a"));

    [Theory]
    [InlineData("{\"b\":1}", "$.a is an object where text is expected")]
    [InlineData("[1]", "$.a is an array where text is expected")]
    [InlineData("false", "$.a is a truth value where text is expected")]
    public void Text_OfAnotherKind_IsNoted(string json, string note)
    {
        _ = Read($$"""{"a":{{json}}}""").Text("a");

        Assert.Equal([note], notes);
    }

    [Fact]
    public void Field_Twice_TheLastCountsAndIsNoted()
    {
        var read = Read("""{"a":"first","A":"second"}""");

        Assert.Equal("second", read.Text("a"));
        Assert.Null(read.Unknown());
        Assert.Single(notes);
    }

    [Fact]
    public void Children_OfMixedKinds_AreTheObjects()
    {
        var children = Read("""{"a":[{"n":1},null,"",7,{"n":"2"},[]]}""").Children("a");

        Assert.Equal([1, 2], children.Select(child => child.Number("n")!.Value));
        Assert.Equal(["$.a[3] is a number where an object is expected"], notes);
    }

    [Theory]
    [InlineData("\"text\"", "$.a is text where an object is expected")]
    [InlineData("7", "$.a is a number where an object is expected")]
    [InlineData("[1]", "$.a is an array where an object is expected")]
    public void Child_OfAnotherKind_IsNoted(string json, string note)
    {
        Assert.Null(Read($$"""{"a":{{json}}}""").Child("a"));
        Assert.Equal([note], notes);
    }

    [Fact]
    public void Texts_OfAnyKind_BecomeText()
    {
        var texts = Read("""{"a":{"name":"None","n":1250000,"empty":null,"o":{"x":[1]},"yes":true,"twice":"1","twice":"2"}}""").Texts("a");

        Assert.Equal(new Dictionary<string, string> { ["name"] = "None", ["n"] = "1250000", ["empty"] = "", ["o"] = "{\"x\":[1]}", ["yes"] = "true", ["twice"] = "2" }, texts);
    }

    [Theory]
    [InlineData("\"{\\\"k\\\": [1, 2]}\"", "{\"k\": [1, 2]}")]
    [InlineData("{\"k\":1}", "{\"k\":1}")]
    [InlineData("[1]", "[1]")]
    [InlineData("\"not json {\"", "\"not json {\"")]
    [InlineData("\"17\"", "\"17\"")]
    [InlineData("17", "\"17\"")]
    [InlineData("\"{\\\"k\\\":1} and more\"", "\"{\\\"k\\\":1} and more\"")]
    public void JsonInText_IsItsJsonOrTheText(string json, string expected) => Assert.Equal(expected, Read($$"""{"a":{{json}}}""").JsonInText("a"));

    [Theory]
    [InlineData("\\ud800")]
    [InlineData("{\\\"k\\\":\\\"\\udc00\\\"}")]
    [InlineData("\\u0000")]
    public void JsonInText_WithTextThatIsNoUnicode_IsKeptAsText(string text)
    {
        var json = Read($$"""{"a":"{{text}}"}""").JsonInText("a");

        Assert.NotNull(json);
        using var parsed = JsonDocument.Parse(json);
    }

    [Fact]
    public void JsonInText_DeeperThanAnybodyNests_IsKeptAsText()
    {
        var deep = new string('[', 500) + new string(']', 500);

        Assert.Equal($"\"{deep}\"", Read($$"""{"a":"{{deep}}"}""").JsonInText("a"));
    }

    [Theory]
    [InlineData("\\ud83d\\udc4d", "👍")]
    [InlineData("a\\u0000b", "a\0b")]
    public void Text_WithEscapes_IsWhatTheyMean(string json, string expected) => Assert.Equal(expected, Read($$"""{"a":"{{json}}"}""").Text("a"));

    [Fact]
    public void Text_WithHalfASurrogatePair_IsKept() // not a theory: attributes keep their text as UTF-8
    {
        Assert.Equal("\ud800x", Read("""{"a":"\ud800x"}""").Text("a"));
        Assert.Equal("x\udfff\n\"\\/", Read("""{"a":"x\udfff\n\"\\\/"}""").Text("a"));
    }

    [Fact]
    public void Bytes_ThatAreNoUtf8_AreReplaced()
    {
        byte[] json = [.. "{\"a\":\"x"u8, 0xff, 0xc0, .. "y\",\"b"u8, 0xfe, .. "\":1,\"v\":{\"k"u8, 0xff, .. "\":\"w"u8, 0x80, .. "\"}}"u8];
        using var document = JsonDocument.Parse(json);
        var read = new WireObject(document.RootElement, "$", notes);

        Assert.Equal("x\ufffd\ufffdy", read.Text("a"));
        Assert.Equal("w\ufffd", Assert.Single(read.Texts("v")).Value);
        using var unknown = JsonDocument.Parse(read.Unknown()!);
        Assert.Single(unknown.RootElement.EnumerateObject());
    }

    [Fact]
    public void Unknown_IsWhatNobodyAskedFor()
    {
        var read = Read("""{"known":1,"future":{"a":[1,"<b>",null]},"other":"ü"}""");
        _ = read.Number("known");

        Assert.Equal("""{"future":{"a":[1,"<b>",null]},"other":"ü"}""", read.Unknown());
    }

    [Fact]
    public void Unknown_DeeperThanAWriterAllows_IsStillKept()
    {
        var deep = new string('[', 5000) + new string(']', 5000);
        using var document = JsonDocument.Parse($$"""{"future":{{deep}}}""", new JsonDocumentOptions { MaxDepth = 10_000 });

        Assert.Equal($$"""{"future":{{deep}}}""", new WireObject(document.RootElement, "$", notes).Unknown());
    }

    private WireObject Read(string json) => new(JsonDocument.Parse(Encoding.UTF8.GetBytes(json)).RootElement, "$", notes);
}
