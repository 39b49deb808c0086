using AiRudder.Dashboard.Accounts;
using AiRudder.Dashboard.Calls;
using AiRudder.Dashboard.Recordings;
using AiRudder.Dashboard.Tests.Support;
using Bunit;
using Bunit.TestDoubles;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;

namespace AiRudder.Dashboard.Tests.Calls;

public sealed class PlayerTests : BunitContext
{
    private readonly TestStore store = new();
    private readonly CallSeed seed;
    private readonly BunitAuthorizationContext person;

    public PlayerTests()
    {
        seed = new CallSeed(store);
        person = this.AddAuthorization();
        person.SetAuthorized("qa").SetPolicies(nameof(Permission.View), nameof(Permission.Listen));
        JSInterop.Mode = JSRuntimeMode.Loose;
        Services.AddSingleton<TimeProvider>(new TestClock());
        Services.AddSingleton(store.Contexts);
        Services.AddCalls();
        Renderer.SetRendererInfo(new RendererInfo("Server", true));
    }

    [Fact]
    public void Markup_EveryControl_HasARoleAndAName()
    {
        var player = Show(Call());

        string[] names = ["Play", "Back 5 seconds", "Forward 5 seconds", "Position in the recording", "Transcript 0.1 seconds earlier", "Transcript 0.1 seconds later"];
        Assert.All(names, name => Assert.Single(player.FindAll($"[aria-label='{name}']")));
        Assert.Equal(["Skip silence", "Follow", "Loop"], player.FindAll("button.toggle").Select(button => button.TextContent));
        Assert.Equal(["false", "true", "false"], player.FindAll("button.toggle").Select(button => button.GetAttribute("aria-pressed")));
        Assert.Equal(["0.5", "0.75", "1", "1.25", "1.5", "1.75", "2", "2.5", "3"], player.FindAll("[data-speed] option").Select(option => option.GetAttribute("value")));
        Assert.Equal("polite", player.Find("[data-said][role=status]").GetAttribute("aria-live"));
        Assert.All(player.FindAll("button"), button => Assert.False(string.IsNullOrWhiteSpace(button.GetAttribute("aria-label") ?? button.TextContent)));
    }

    [Fact]
    public void Markup_BeforeTheScript_FetchesNothing() => Assert.Equal("none", Show(Call()).Find("audio").GetAttribute("preload"));

    [Theory]
    [InlineData(false, 0)]
    [InlineData(true, 1)]
    public void S4_Download_IsThereForWhoMayTakeOut(bool may, int links)
    {
        person.SetPolicies(may ? [nameof(Permission.Listen), nameof(Permission.Export)] : [nameof(Permission.Listen)]);

        Assert.Equal(links, Show(Call()).FindAll("a[download]").Count);
    }

    [Fact]
    public void Copy_Kept_SaysItsSizeAndEnd()
    {
        var player = Show(Call(row => (row.State, row.Bytes, row.FetchedAt) = (RecordingState.Kept, 2048, CallSeed.Start)));

        player.WaitForAssertion(() => Assert.Equal("Own copy, 2.0 KB, kept until 13 Apr 2026", player.Find("[data-copy]").TextContent));
    }

    [Fact]
    public void Copy_Refused_SaysWhy()
    {
        var player = Show(Call(row => (row.State, row.Reason) = (RecordingState.Refused, "notAudio")));

        player.WaitForAssertion(() => Assert.Equal("No copy of our own: Not audio", player.Find("[data-copy]").TextContent));
    }

    [Fact]
    public void Waveform_Known_IsGivenToTheScriptAtOnce()
    {
        var module = JSInterop.SetupModule(path => path.Identifier == "import");
        module.Mode = JSRuntimeMode.Loose;
        var call = Call(row => row.State = RecordingState.Kept);
        seed.Save(Waveform.OfBrowser(call.Id, 0.05, 1, [255, 200])!);

        Show(call);

        WaitForAttach(module);
        var attach = module.Invocations["attach"].Single();
        Assert.Contains("\"peaks\":\"/w==\"", System.Text.Json.JsonSerializer.Serialize(attach.Arguments[1]), StringComparison.Ordinal);
    }

    [Fact]
    public void Marks_Transfer_LeadToTheirSecond()
    {
        var call = Call();
        (call.ConnectedAt, call.TransferRequestedAt) = (CallSeed.Start, CallSeed.Start.AddSeconds(12.5));

        var flag = Assert.Single(Show(call).FindAll("[data-flag]"));

        Assert.Equal(("12.5", "transfer asked for, at 0:12"), (flag.GetAttribute("data-listen-at"), flag.GetAttribute("aria-label")));
    }

    [Fact]
    public void WordsTypedOutside_RefreshAround_LeavesTheAudioElement()
    {
        var player = Show(Call());
        var audio = player.Find("audio").OuterHtml;

        player.Render(set => set.Add(it => it.Hits, 3).Add(it => it.Words, "bayar").Add(it => it.Marks, [new SoundMark(1, "note")]));

        Assert.Equal(audio, player.Find("audio").OuterHtml);
    }

    private static void WaitForAttach(BunitJSModuleInterop module) =>
        Assert.True(SpinWait.SpinUntil(() => module.Invocations["attach"].Count == 1, TimeSpan.FromSeconds(30)), "The script was not given anything.");

    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        store.Dispose();
    }

    private Call Call(Action<Recording>? recording = null)
    {
        var call = seed.Add(detail: detail => detail.RecordingLink = "https://api.airudder.com/a.mp3");
        if (recording is not null)
        {
            var row = new Recording { CallId = call.Id, ConnectionId = call.ConnectionId, Host = "api.airudder.com", LinkHash = new byte[32], CallAt = CallSeed.Start };
            recording(row);
            seed.Save(row);
        }

        return call;
    }

    private IRenderedComponent<Player> Show(Call call) => Render<Player>(set => set
        .Add(it => it.CallId, call.Id.ToString(System.Globalization.CultureInfo.InvariantCulture))
        .Add(it => it.HasRecording, true)
        .Add(it => it.MayListen, true)
        .Add(it => it.HasTurns, true)
        .Add(it => it.Marks, SoundMark.Of(call))
        .AddChildContent(""));
}
