using AiRudder.Dashboard.Calls;

namespace AiRudder.Dashboard.Tests.Calls;

public sealed class CsvTextTests
{
    [Theory]
    [InlineData("=1+1", "'=1+1")]
    [InlineData("@SUM(A1)", "'@SUM(A1)")]
    [InlineData("-2+3", "'-2+3")]
    [InlineData("+1+cmd|' /C calc'!A0", "'+1+cmd|' /C calc'!A0")]
    [InlineData("\t=1", "\"'\t=1\"")]
    [InlineData(" =1", "' =1")]
    [InlineData("\uff1d1", "'\uff1d1")]
    [InlineData("\uff0b62", "'\uff0b62")]
    [InlineData("\uff0d1", "'\uff0d1")]
    [InlineData("\uff20A", "'\uff20A")]
    public void S8_Cell_Formula_IsMadeHarmless(string text, string cell) => Assert.Equal(cell, CsvText.Cell(text));

    [Fact]
    public void S8_Cell_NulOrReturn_IsMadeHarmless()
    {
        Assert.Equal("'\0=1", CsvText.Cell("\0=1"));
        Assert.Equal("\"'\r=1\"", CsvText.Cell("\r=1"));
    }

    [Theory]
    [InlineData("+6281234567", "+6281234567")]
    [InlineData("•••• 567", "•••• 567")]
    [InlineData("a,b", "\"a,b\"")]
    [InlineData("say \"no\"", "\"say \"\"no\"\"\"")]
    [InlineData("two\r\nlines", "\"two\r\nlines\"")]
    [InlineData(null, "")]
    public void Cell_OrdinaryText_StaysUsable(string? text, string cell) => Assert.Equal(cell, CsvText.Cell(text));

    [Fact]
    public void Line_Cells_EndsAsRfc4180Says() => Assert.Equal(",a,\r\n", CsvText.Line(null, "a", ""));
}
