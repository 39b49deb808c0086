using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.RegularExpressions;
using AiRudder.Dashboard.Alerts;
using AiRudder.Dashboard.Calls;
using AiRudder.Dashboard.CallTasks;
using AiRudder.Dashboard.Metrics;
using Bunit;
using Microsoft.Extensions.Primitives;

namespace AiRudder.Dashboard.Tests.Calls;

/// <summary>Calls, tasks and alerts as people of other languages read them, and what machines read of them.</summary>
public sealed partial class ReadersWordsTests : BunitContext
{
    [Theory, InlineData("player.js"), InlineData("sound.js")]
    public void Player_EveryWordTheScriptSays_IsGivenToIt(string script)
    {
        var given = JsonSerializer.SerializeToElement(PlayerWords.Now).EnumerateObject().Select(word => word.Name).ToHashSet();
        var said = Said().Matches(File.ReadAllText(Path.Combine(Here(), "../../../wwwroot-assets/browser", script))).Select(word => word.Groups["name"].Value).Distinct().ToList();

        Assert.NotEmpty(said);
        Assert.All(said, name => Assert.Contains(name, given));
    }

    [Theory, InlineData("en", "13 Apr 2026 09:05:00"), InlineData("zh-CN", "2026年4月13日 09:05:00"), InlineData("id-ID", "13 Apr 2026 09:05:00"), InlineData("es-MX", "13 abr 2026 09:05:00")]
    public void CallTime_IsWrittenAsTheReaderWritesDates(string culture, string expected) => As(culture, () =>
    {
        var time = Render<CallTime>(given => given.Add(it => it.At, new DateTimeOffset(2026, 4, 13, 9, 5, 0, TimeSpan.Zero)).Add(it => it.Zone, "UTC").Add(it => it.Day, true)).Find("time");

        Assert.Equal((expected, "2026-04-13T09:05:00Z"), (time.TextContent, time.GetAttribute("datetime")));
    });

    [Fact]
    public void Filter_ThatCannotBeRead_IsToldInTheReadersLanguage() => As("es-MX", () => Assert.Equal(
        ["hour: '24' no es un número entero de 0 a 23."],
        CallFilter.Parse([KeyValuePair.Create("hour", new StringValues("24"))]).Errors));

    [Theory, InlineData("counted in list.csv", "contado en list.csv"), InlineData("entered", "capturado"), InlineData("said by a program", "indicado por un programa"), InlineData(null, null)]
    public void ListSize_WhereItIsKnownFrom_IsKeptInEnglishAndToldToTheReader(string? kept, string? told) => As("es-MX", () => Assert.Equal(told, ListSizes.Told(kept)));

    [Fact]
    public void Rule_OfAFigure_IsToldWithTheReadersNumbersAndTypedWithThoseOfTheBrowser() => As("id-ID", () =>
    {
        var rule = new AlertRule { Name = "x", Kind = AlertKind.Figure, Figure = Figures.AnswerRate, Threshold = 0.125, LeastN = 1500, ChangedBy = "" };

        Assert.Contains("di bawah 12,5 %, 1 jam terakhir, n ≥ 1.500", AlertWords.Of(rule), StringComparison.Ordinal);
        Assert.Equal("12.5", Render<RuleConditions>(given => given.Add(it => it.Rule, rule).Add(it => it.Connections, [])).Find("input[step=any][required]").GetAttribute("value"));
    });

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

    private static string Here([CallerFilePath] string path = "") => Path.GetDirectoryName(path)!;

    [GeneratedRegex(@"\bwords\.(?<name>\w+)")]
    private static partial Regex Said();
}
