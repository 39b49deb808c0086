using System.Globalization;
using AiRudder.Dashboard.Languages;
using AiRudder.Dashboard.Layout;
using AiRudder.Dashboard.Live;
using AiRudder.Dashboard.Metrics;
using Bunit;

namespace AiRudder.Dashboard.Tests.Languages;

/// <summary>What is worked out once and shown to readers of several languages.</summary>
public sealed class SaidTests : BunitContext
{
    private static readonly Totals Running = new() { Calls = new Tally(), Incomplete = new(Noted("{0:N0} of {1:N0} tasks are not finished: their unanswered numbers arrive later, so rates start too high."), 1200, 3400) };

    [Fact]
    public async Task Reading_SharedByReaders_IsSaidToEachInTheirLanguage()
    {
        var shared = new Shared<string, Figure>(TimeProvider.System, TimeSpan.FromSeconds(30), (_, _) => Task.FromResult(Figures.Definition(Figures.Calls).Compute(Running)));
        var figure = await As("es-MX", () => shared.ReadAsync("floor", default));

        Assert.StartsWith("1,200 de 3,400 tareas no han terminado", await As("es-MX", () => Task.FromResult(figure.Reason!.ToString())), StringComparison.Ordinal);
        Assert.StartsWith("1.200 dari 3.400 tugas belum selesai", await As("id-ID", () => Task.FromResult(figure.Reason!.ToString())), StringComparison.Ordinal);
        Assert.StartsWith("1,200 of 3,400 tasks are not finished", await As("en", () => Task.FromResult(figure.Reason!.ToString())), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Refusal_IsSaidInTheLanguageOfWhoIsRefused()
    {
        var refusal = new FiguresUnknownException(new(Noted("Lines are shown for at most {0} days: choose a shorter period."), 93));

        Assert.Equal("线路最多显示 93 天：请选择较短的时段。", await As("zh-CN", () => Task.FromResult(refusal.Message)));
        Assert.Equal("Lines are shown for at most 93 days: choose a shorter period.", await As("en", () => Task.FromResult(refusal.Message)));
    }

    [Fact]
    public async Task Comparison_NamesTheDayAsTheReaderDoes()
    {
        var comparison = new Comparison(null, new(Noted("{0:dddd} by now"), new DateOnly(2026, 3, 14)));

        Assert.Equal("Nothing to compare with: Saturday by now.", await As("en", () => Task.FromResult(comparison.Explain(Figures.Calls))));
        Assert.Equal("Nada con que comparar: sábado a esta hora.", await As("es-MX", () => Task.FromResult(comparison.Explain(Figures.Calls))));
    }

    [Fact]
    public async Task Definition_IsKeptInEnglishAndSaidInTheReadersLanguage()
    {
        Assert.Equal("Tasa de respuesta", await As("es-MX", () => Task.FromResult(Figures.Definition(Figures.AnswerRate).Brief)));
        Assert.Equal("Answer rate", await As("", () => Task.FromResult(Figures.Definition(Figures.AnswerRate).Brief)));
    }

    [Fact]
    public async Task Bar_ReaderWhoWritesCommas_KeepsItsStyleForTheBrowser()
    {
        var bar = await As("id-ID", () => Task.FromResult(Render(ShareBar.Of([new("A", 1, "--l1", "/calls"), new("B", 2, "--l2")]))));

        Assert.Contains("width:33.33%", bar.Find("a").GetAttribute("style"), StringComparison.Ordinal);
        Assert.Equal("A: 1 (33,3 %)", bar.Find("a").GetAttribute("title"));
    }

    [Fact]
    public void Empty_SaysNothing()
    {
        Said? nothing = null;
        string? words = nothing;

        Assert.Null(words);
        Assert.Equal(new Said("a"), new Said("{0}", "a"));
    }

    private static async Task<TResult> As<TResult>(string culture, Func<Task<TResult>> act)
    {
        var before = (CultureInfo.CurrentCulture, CultureInfo.CurrentUICulture);
        try
        {
            CultureInfo.CurrentCulture = CultureInfo.CurrentUICulture = CultureInfo.GetCultureInfo(culture);
            return await act();
        }
        finally
        {
            (CultureInfo.CurrentCulture, CultureInfo.CurrentUICulture) = before;
        }
    }
}
