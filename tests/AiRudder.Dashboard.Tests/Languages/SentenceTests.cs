using AiRudder.Dashboard.Languages;
using Bunit;

namespace AiRudder.Dashboard.Tests.Languages;

public sealed class SentenceTests : BunitContext
{
    [Fact]
    public void Sentence_PutsItsPartsWhereTheWordsHaveThem() =>
        Render<Sentence>(it => it.Add(sentence => sentence.Words, "dari {1} sampai {0}.").Add(sentence => sentence.First, "<b>A</b>").Add(sentence => sentence.Second, "<i>B</i>"))
            .MarkupMatches("dari <i>B</i> sampai <b>A</b>.");

    [Fact]
    public void Sentence_WithoutPlaces_IsItsWords() => Assert.Equal("x < y", Render<Sentence>(it => it.Add(sentence => sentence.Words, "x < y")).Nodes.Single().TextContent);
}
