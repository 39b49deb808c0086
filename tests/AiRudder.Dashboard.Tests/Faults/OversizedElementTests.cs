using System.Text;
using AiRudder.Dashboard.Calls;
using AiRudder.Dashboard.Webhooks.Wire;

namespace AiRudder.Dashboard.Tests.Faults;

[Trait("Requirement", "D7")]
public sealed class OversizedElementTests
{
    public static TheoryData<int> LengthsAroundTheLimit => [.. Enumerable.Range(-12, 17)];

    [Theory]
    [MemberData(nameof(LengthsAroundTheLimit))]
    public async Task Neighbours_OfAnElementAboutTheLimit_AreRead(int beyond) =>
        await NeighboursAreReadAsync($"\"{new string('x', BodyScan.LargestElement - 20 + beyond)}\"");

    [Theory]
    [InlineData("{\"a\":\"}]\\\"\\\\\",\"b\":[", "1,", "2]}")]
    [InlineData("[", "[],", "{}]")]
    [InlineData("", "9", "9")]
    public async Task Neighbours_OfAnElementFarBeyondTheLimit_AreRead(string begin, string repeated, string end) =>
        await NeighboursAreReadAsync(begin + string.Concat(Enumerable.Repeat(repeated, 3 * BodyScan.LargestElement / repeated.Length)) + end, isLarge: true);

    [Fact]
    public async Task Blanks_BeyondTheLimit_AreNoElement()
    {
        var blanks = new string(' ', 2 * BodyScan.LargestElement);
        var elements = await ReadAsync($$"""{"details":[{"a":1}{{blanks}},{{blanks}}{"b":2}{{blanks}}]}""");

        Assert.Equal(["{\"a\":1}", "{\"b\":2}"], elements.Select(element => element.Json));
    }

    [Fact]
    public async Task Element_ThatNeverEnds_IsNoJson()
    {
        var error = await Assert.ThrowsAsync<UnreadableBodyException>(() => ReadAsync("{\"details\":[\"" + new string('x', 2 * BodyScan.LargestElement)));

        Assert.StartsWith("Not JSON", error.Message, StringComparison.Ordinal);
    }

    /// <summary>Read as trees, elements of nothing but parts would take thirty times their room.</summary>
    [Theory]
    [InlineData(BodyScan.MostParts - 4, false)]
    [InlineData(BodyScan.MostParts - 3, true)]
    public async Task L2_Element_OfTooManyParts_IsQuarantinedUnreadBesideItsNeighbours(int numbers, bool isCrowded)
    {
        var drafts = new List<CallDraft>();
        var large = $$"""{"call_id":"b","n":[{{string.Concat(Enumerable.Repeat("1,", numbers - 4))}}1]}""";
        await new BodyScan(new MemoryStream(Encoding.UTF8.GetBytes($$"""{"details":[{"call_id":"a"},{{large}},{"call_id":"c"}]}"""))).ReadAsync(
            element =>
            {
                drafts.Add(CallDraft.Read(element));
                return ValueTask.CompletedTask;
            },
            default);

        Assert.Equal(["a", isCrowded ? null : "b", "c"], drafts.Select(draft => draft.Element?.CallId));
        Assert.Equal(isCrowded ? "has more than 500,000 parts" : null, drafts[1].Refusal);
    }

    [Fact]
    public async Task L2_Field_OfTooManyParts_IsNamed()
    {
        var error = await Assert.ThrowsAsync<UnreadableBodyException>(() => ReadAsync($$"""{"extra":[{{string.Concat(Enumerable.Repeat("1,", BodyScan.MostParts))}}1],"details":[]}"""));

        Assert.Equal("extra", error.Field);
    }

    private static async Task NeighboursAreReadAsync(string large, bool isLarge = false)
    {
        var elements = await ReadAsync($$"""{"details":[{"a":1}, {{large}}, {"b":2}],"task_id":"t"}""");

        Assert.Equal([12L, 21, 23 + large.Length], elements.Select(element => element.Position));
        Assert.Equal("{\"a\":1}", elements[0].Json);
        Assert.True(elements[1].Json.Length == large.Length || elements[1].Json.Length == 0);
        Assert.True(!isLarge || elements[1].Json.Length == 0);
        Assert.Equal("{\"b\":2}", elements[2].Json);
    }

    private static async Task<List<(long Position, string Json)>> ReadAsync(string body)
    {
        var elements = new List<(long, string)>();
        await new BodyScan(new MemoryStream(Encoding.UTF8.GetBytes(body))).ReadAsync(
            element =>
            {
                elements.Add((element.Position, Encoding.UTF8.GetString(element.Json.Span)));
                return ValueTask.CompletedTask;
            },
            default);
        return elements;
    }
}
