using System.Globalization;
using AiRudder.Dashboard.Intentions;
using AiRudder.Dashboard.Live;
using Microsoft.Extensions.DependencyInjection;

namespace AiRudder.Dashboard.Tests.Live;

public sealed class StreamPressTests : FloorHost
{
    private Task<DrawnStream> ReadAsync(bool mayListen = true) => Services.GetRequiredService<FloorReadings>().StreamAsync(Scope(), mayListen, CancellationToken.None);

    [Fact]
    public async Task Row_IsDrawnOnceForAllFloors_AndNotAgainWhenTheNextOneComes()
    {
        var task = Build.Task();
        Build.Call(task, Build.At("2026-03-15 09:00")).Save();
        var one = Assert.Single((await ReadAsync()).Rows);
        Build.Call(task, Build.At("2026-03-15 09:10")).Save();

        var both = (await ReadAsync()).Rows;
        var ofAnother = (await ReadAsync()).Rows;

        Assert.Equal(2, both.Count);
        Assert.Same(one, both[1]);
        Assert.Same(both[0], ofAnother[0]);
    }

    [Fact]
    public async Task Row_OfWhoMayNotListen_HasNothingToPress()
    {
        Build.Call(Build.Task(), Build.At("2026-03-15 09:00")).Save();

        Assert.Contains("data-play", Assert.Single((await ReadAsync()).Rows).Text, StringComparison.Ordinal);
        Assert.DoesNotContain("data-play", Assert.Single((await ReadAsync(mayListen: false)).Rows).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Row_IsInTheLanguageOfWhoReads()
    {
        Build.Call(Build.Task(), Build.At("2026-03-15 09:00"), call => call.Unanswered()).Save();
        Assert.Contains("unanswered", Assert.Single((await ReadAsync()).Rows).Text, StringComparison.Ordinal);
        CultureInfo.CurrentUICulture = CultureInfo.GetCultureInfo("es");

        var cells = Assert.Single((await ReadAsync()).Rows).Text;

        Assert.DoesNotContain("unanswered", cells, StringComparison.Ordinal);
        Assert.Contains("sin respuesta", cells, StringComparison.Ordinal);
    }

    /// <summary>The cells are put into pages as they are: nothing that came from outside may be more than text in them.</summary>
    [Fact]
    public async Task S5_Row_WithNamesThatAreMarkup_IsText()
    {
        const string Evil = "\"><img src=x onerror=alert(1)>&'<script>";
        var looks = new LabelLooks([], new Dictionary<LabelKey, string> { [new(7, Evil, Evil)] = Evil });
        StreamCall Call(long id, bool connected) => new()
        {
            Sequence = id, DeliveryId = id, ConnectionId = 7, CallId = id, TaskId = Evil, TaskName = Evil, LandedAt = Clock.Now, Callee = Evil, Robot = Evil, Label = Evil,
            Connected = connected, RingType = Evil, HangupType = Evil, HangupBy = Evil, HasRecording = connected,
        };
        StreamRow[] rows =
        [
            Call(1, connected: true), Call(2, connected: false),
            new StreamBatch { Sequence = 3, DeliveryId = 3, ConnectionId = 7, TaskId = Evil, TaskName = Evil, LandedAt = Clock.Now, Numbers = 2, Attempts = 2 },
        ];

        var drawn = await Services.GetRequiredService<StreamPress>().DrawAsync(rows, _ => "Asia/Jakarta", looks, mayListen: true, DrawnStream.Empty);

        Assert.Equal(3, drawn.Rows.Count);
        foreach (var row in drawn.Rows)
        {
            Assert.Contains("&lt;img", row.Text, StringComparison.Ordinal);
            var cells = new AngleSharp.Html.Parser.HtmlParser().ParseDocument($"<table><tbody>{row.Text}</tbody></table>");
            Assert.Empty(cells.QuerySelectorAll("img, script, [onerror]"));
            Assert.Contains(Evil[2..], cells.Body!.TextContent, StringComparison.Ordinal);
        }
    }
}
