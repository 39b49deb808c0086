using AiRudder.Dashboard.Calls;
using Bunit;

namespace AiRudder.Dashboard.Tests.Calls;

public sealed class TranscriptTests : BunitContext
{
    [Fact]
    public void Turn_BothSides_RobotComesBeforeCallee()
    {
        var page = Show([new Turn(12.5, "Halo", "Iya")]);

        var turn = Assert.Single(page.FindAll("[data-turn]"));
        Assert.Equal("12.5", turn.GetAttribute("data-at"));
        Assert.Equal(["Robot: Halo", "Callee: Iya"], turn.QuerySelectorAll("p").Select(p => p.TextContent.Trim()));
        Assert.Equal("Play from 0:12", turn.QuerySelector("button")!.GetAttribute("aria-label"));
    }

    [Fact]
    public void Turn_EmptySide_HasNoBubble()
    {
        var page = Show([new Turn(0, "Halo", ""), new Turn(3, "", "Iya"), new Turn(4, "", "")]);

        Assert.Single(page.FindAll(".robot"));
        Assert.Single(page.FindAll(".callee"));
        Assert.Single(page.FindAll(".silent"));
    }

    [Fact]
    public void Turn_WithoutTime_CannotBeSoughtBySecond()
    {
        var page = Show([new Turn(null, "Halo", "")]);

        Assert.Empty(page.FindAll("button"));
        Assert.False(page.Find("[data-turn]").HasAttribute("data-at"));
    }

    [Fact]
    public void Words_Hits_AreMarkedWithoutRegardToCase()
    {
        Turn[] turns = [new Turn(0, "Bayar sekarang?", "Saya bayar. BAYAR!")];
        var page = Show(turns, "bayar");

        Assert.Equal(["Bayar", "bayar", "BAYAR"], page.FindAll("mark").Select(mark => mark.TextContent));
        Assert.Equal(3, Transcript.Hits(turns, "bayar"));
        Assert.Equal("Callee: Saya bayar. BAYAR!", page.Find(".callee").TextContent.Trim());
    }

    [Fact]
    public void S5_VendorMarkup_StaysText()
    {
        var page = Show([new Turn(0, "<b>no</b><script>alert(1)</script>", "<img src=x onerror=alert(1)>")], "script");

        Assert.Empty(page.FindAll("script, b, img"));
        Assert.Contains("<b>no</b><script>alert(1)</script>", page.Find(".robot").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public void S5_DirectionAndControlCharacters_AreShownAsSigns()
    {
        var page = Show([new Turn(0, "pay \u202e100\0", "")]);

        Assert.Contains("pay ⟨U+202E⟩100␀", page.Find(".robot").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public void Nothing_SaysWhy()
    {
        Assert.Contains("no transcript", Show([]).Markup, StringComparison.Ordinal);
        Assert.Contains("Nobody answered", Render<Transcript>(set => set.Add(it => it.Turns, []).Add(it => it.Connected, false)).Markup, StringComparison.Ordinal);
    }

    private IRenderedComponent<Transcript> Show(Turn[] turns, string? words = null) =>
        Render<Transcript>(set => set.Add(it => it.Turns, turns).Add(it => it.Words, words));
}
