using AiRudder.Dashboard.Calls;

namespace AiRudder.Dashboard.Tests.Calls;

public sealed class WordHitsTests
{
    [Theory]
    [InlineData("mau BAYAR besok", "bayar", "mau [BAYAR] besok")]
    [InlineData("我想取消订单", "取消", "我想[取消]订单")]
    [InlineData("trước ngày mai", "truoc", "[trước] ngày mai")]
    [InlineData("ขอชำระพรุ่งนี้ค่ะ", "พรุ่งนี้", "ขอชำระ[พรุ่งนี้]ค่ะ")]
    [InlineData("aaa", "a", "[a][a][a]")]
    [InlineData("pay 😀 now", "😀", "pay [😀] now")]
    [InlineData("a \"b\" c", "\"b\"", "a [\"b\"] c")]
    [InlineData("nothing", "other", "nothing")]
    [InlineData("nothing", "  ", "nothing")]
    public void Pieces_OfText_MarkWhatWasSearchedFor(string text, string words, string marked) =>
        Assert.Equal(marked, string.Concat(WordHits.Pieces(text, words).Select(piece => piece.Hit ? $"[{piece.Text}]" : piece.Text)));

    [Fact]
    public void Pieces_MarksAsSignsOfTheirOwn_BelongToTheHit() =>
        Assert.Equal(["tru\u031bo\u031b\u0301c"], WordHits.Pieces("x tru\u031bo\u031b\u0301c y", "truoc").Where(piece => piece.Hit).Select(piece => piece.Text));

    [Fact]
    public void Around_LongText_CutsBothSidesAndKeepsTheHit()
    {
        var pieces = WordHits.Around(new string('x', 200) + "bayar" + new string('y', 200), "bayar");

        Assert.Equal("bayar", Assert.Single(pieces!, piece => piece.Hit).Text);
        Assert.Equal(["…", "…"], [pieces![0].Text[..1], pieces[^1].Text[^1..]]);
        Assert.Equal(40 + 5 + 60 + 2, pieces.Sum(piece => piece.Text.Length));
    }

    [Fact]
    public void Around_NoHit_IsNull() => Assert.Null(WordHits.Around("some text", "other"));
}
