using AiRudder.Dashboard.Intentions;
using AiRudder.Dashboard.Layout;
using AiRudder.Dashboard.Metrics;
using Bunit;
using Microsoft.Extensions.DependencyInjection;

namespace AiRudder.Dashboard.Tests.Metrics;

/// <summary>One definition per figure, and one page that says all of them.</summary>
public sealed class GlossaryTests : BunitContext
{
    [Fact]
    public void Glossary_HasAnEntryForEveryFigureATileCanLeadTo()
    {
        Services.AddSingleton<Press>();
        var page = Render<Glossary>();

        Assert.All(Figures.All.Append(Figures.OfMeaning(Meaning.Promise)), definition =>
        {
            var entry = page.Find($"article[id='{GlossaryAddress.Of(definition).Split('#')[1]}']");
            Assert.Contains(definition.Unit == FigureUnit.Count ? definition.Numerator : definition.Denominator!, entry.TextContent, StringComparison.Ordinal);
        });
        Assert.Contains(Figures.Definition(Figures.Reach).UnknownWhen!, page.Find("#reach").TextContent, StringComparison.Ordinal);
        Assert.Contains("meanings of labels", page.Find("#promiseOfRightParty").TextContent, StringComparison.Ordinal);
        Assert.DoesNotContain("Provisional", page.Find("#deliveries").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public void Definitions_SayWhatIsDividedByWhat()
    {
        Assert.Equal(Figures.All.Count, Figures.All.Select(definition => definition.Name).Distinct().Count());
        Assert.All(Figures.All, definition => Assert.Equal(definition.Unit != FigureUnit.Count, definition.Denominator is not null));
        Assert.All(Figures.All.Where(definition => definition.Denominator is not null), definition => Assert.Contains('÷', definition.Formula));
    }

    [Fact]
    public void Tile_RestingOnMeanings_ShowsTheUnmappedShareAndGoesGreyAboveFivePercent()
    {
        var definition = Figures.Definition(Figures.RightPartyOfConnects);
        string Classes(long without) => Render<TileFace>(it => it
            .Add(tile => tile.Definition, definition)
            .Add(tile => tile.Figure, new Figure(0.5, 50, 100, FigureUnit.Fraction, false, null) { Unmapped = new(without, 100) })
            .Add(tile => tile.Line, [])) is var tile ? $"{tile.Find(".v").ClassName} | {tile.Find(".of").TextContent.Trim()}" : "";

        Assert.Equal("v  | 50 of 100 connects · 5.0 % unmapped", Classes(5));
        Assert.Equal("v grey | 50 of 100 connects · 6.0 % unmapped", Classes(6));
    }

    [Fact]
    public void Card_RestingOnMeanings_ShowsTheUnmappedShare()
    {
        var card = Render<FigureCard>(it => it
            .Add(card => card.Definition, Figures.Definition(Figures.RightPartyOfConnects))
            .Add(card => card.Figure, new Figure(0.5, 50, 100, FigureUnit.Fraction, false, null) { Unmapped = new(6, 100) })
            .Add(card => card.Link, "/calls"));

        Assert.Equal("50 of 100 connects · 6.0 % unmapped", card.Find(".of").TextContent.Trim());
    }

    [Fact]
    public void Figure_BesideItsLink_LeadsToItsDefinition()
    {
        var card = Render<FigureCard>(it => it
            .Add(card => card.Definition, Figures.Definition(Figures.AnswerRate))
            .Add(card => card.Figure, new Figure(0.5, 50, 100, FigureUnit.Fraction, false, null))
            .Add(card => card.Link, "/calls"));

        Assert.Equal(["/calls", "/glossary#answerRate"], card.FindAll("a").Select(link => link.GetAttribute("href")));
        Assert.Contains("95 % interval: 40.4 – 59.6 %, n = 100", card.Find(".figure").GetAttribute("title"), StringComparison.Ordinal);
    }
}
