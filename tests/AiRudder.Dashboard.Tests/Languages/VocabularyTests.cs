using System.Globalization;
using System.Text.RegularExpressions;
using AiRudder.Dashboard.Languages;

namespace AiRudder.Dashboard.Tests.Languages;

public sealed partial class VocabularyTests
{
    public static TheoryData<string> Others => [.. Language.All.Select(language => language.Name).Where(name => name != "en")];

    [Theory, MemberData(nameof(Others))]
    public void Language_HasWordsForAllThatIsSaid(string language)
    {
        var words = Vocabulary.Read(language)!;
        var missing = SourceWords.All().Where(said => !words.ContainsKey(said.Key)).Select(said => $"{said.Value}: {said.Key}").ToList();
        Assert.True(missing.Count == 0, $"{language} lacks {missing.Count}:\n{string.Join('\n', missing.Take(60))}");
    }

    [Theory, MemberData(nameof(Others))]
    public void Language_SaysNothingThatNobodySays(string language)
    {
        var said = SourceWords.All();
        Assert.Empty(Vocabulary.Read(language)!.Keys.Where(english => !said.ContainsKey(english)));
    }

    [Theory, MemberData(nameof(Others))]
    public void Language_KeepsEachValueOfASentence(string language)
    {
        foreach (var (english, other) in Vocabulary.Read(language)!)
        {
            Assert.NotEqual("", other.Trim());
            Assert.True(Places(english).SequenceEqual(Places(other)), $"'{english}' and '{other}' have different values.");
        }
    }

    [Theory, InlineData("es-MX", "Idioma"), InlineData("zh-CN", "语言"), InlineData("id-ID", "Bahasa"), InlineData("fr-FR", "Language"), InlineData("", "Language")]
    public void T_SpeaksTheLanguageOfTheReader(string culture, string expected) => As(culture, () => Assert.Equal(expected, T("Language")));

    [Fact]
    public void T_Values_AreWrittenAsTheReaderWritesThem()
    {
        As("id-ID", () => Assert.Equal("1.234,5 x", T("{0:N1} x", 1234.5)));
        As("en", () => Assert.Equal("1 call", T(1, "{0} call", "{0} calls")));
        As("en", () => Assert.Equal("1,234 calls of 5", T(1234, "{0} call of {1}", "{0} calls of {1}", 5)));
    }

    private static void As(string culture, Action act)
    {
        var before = (CultureInfo.CurrentCulture, CultureInfo.CurrentUICulture);
        try
        {
            CultureInfo.CurrentCulture = CultureInfo.CurrentUICulture = CultureInfo.GetCultureInfo(culture);
            act();
        }
        finally
        {
            (CultureInfo.CurrentCulture, CultureInfo.CurrentUICulture) = before;
        }
    }

    private static IEnumerable<string> Places(string text) => Place().Matches(text).Select(place => place.Value).Distinct().Order(StringComparer.Ordinal);

    [GeneratedRegex(@"\{\d+[^}]*\}")]
    private static partial Regex Place();
}
