using System.Text.Encodings.Web;
using AiRudder.Dashboard.Accounts;
using AiRudder.Dashboard.Layout;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.JSInterop;

namespace AiRudder.Dashboard.Live;

/// <summary>
/// The live calls. New rows appear in place while the top of the list can be seen; when somebody has scrolled down or paused,
/// they wait behind "N new", because a list must not move under a reader's eyes.
/// </summary>
public sealed partial class LiveStream : LiveComponent, IAsyncDisposable
{
    private static readonly TimeSpan SpeakEvery = TimeSpan.FromSeconds(15);

    /// <summary>With the head of the page they are less than the 64 KB beyond which what is sent leaves twice as much behind in memory.</summary>
    private const int FirstRows = 40;

    private IReadOnlyList<ShownRow> rows = [];
    private IReadOnlyList<ShownRow> further = [];
    private int place;
    private IReadOnlyList<DrawnRow> waiting = [];
    private DrawnStream stream = DrawnStream.Empty;
    private PageScope? loaded;
    private long newest;
    private bool paused;
    private bool atTop = true;
    private bool mayListen;
    private StreamCall? playing;
    private bool marked;
    private string? spoken;
    private int unspoken;
    private DateTimeOffset spokeAt;
    private ElementReference top;
    private IJSObjectReference? module;
    private DotNetObjectReference<LiveStream>? self;

    [Inject]
    public FloorReadings Readings { get; set; } = null!;

    [Inject]
    public IJSRuntime Script { get; set; } = null!;

    [CascadingParameter]
    public Task<AuthenticationState>? Identity { get; set; }

    protected override bool ReadsWithOthers => true;

    /// <summary>The readings rest for all pages together: a rest of each page's own would only come on top.</summary>
    protected override TimeSpan Rest => TimeSpan.FromMilliseconds(10);

    protected override async Task LoadAsync(PageScope scope, CancellationToken cancel)
    {
        mayListen = Identity is not null && Permissions.Allows((await Identity).User, Permission.Listen);
        var first = !ReferenceEquals(loaded, scope);
        var (before, now) = (stream, await Readings.StreamAsync(scope, mayListen, cancel));
        stream = now;
        IReadOnlyList<DrawnRow> fresh = first ? now.Rows : [.. now.Rows.TakeWhile(drawn => drawn.Row.Sequence > newest)];
        newest = fresh.Count > 0 ? fresh[0].Row.Sequence : first ? 0 : newest;
        if (first)
        {
            place = int.MaxValue / 2;
            var all = fresh.Select((drawn, i) => new ShownRow(drawn, place + i, IsNew: false)).ToList();
            (loaded, rows, further, waiting) = (scope, all[..Math.Min(FirstRows, all.Count)], all[Math.Min(FirstRows, all.Count)..], []);
            return;
        }

        if (before.Looks != now.Looks)
        {
            DrawAnew();
        }

        if (fresh.Count == 0)
        {
            return;
        }

        waiting = [.. fresh.Concat(waiting).DistinctBy(drawn => drawn.Key).Take(StreamQuery.MostRows)];
        Speak(fresh.Count);
        if (atTop && !paused)
        {
            TakeWaiting();
        }
    }

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (further.Count > 0)
        {
            // One of them may have arrived again meanwhile.
            (rows, further) = ([.. rows.Concat(further).DistinctBy(row => row.Drawn.Key).Take(StreamQuery.MostRows)], []);
            StateHasChanged();
        }

        try
        {
            if (firstRender)
            {
                module = await Script.InvokeAsync<IJSObjectReference>("import", "./stream.js");
                self = DotNetObjectReference.Create(this);
                await module.InvokeVoidAsync("watch", top, self);
            }
            else if (module is not null && (playing is not null || marked))
            {
                // The browser marks the row of the call that plays, also when it was drawn anew.
                marked = playing is not null;
                await module.InvokeVoidAsync("mark", top, playing?.CallId);
            }
        }
        catch (Exception error) when (error is JSDisconnectedException || (error is JSException && IsGone))
        {
            // The page is gone, or the stream is: a floor that turns out to be empty shows first steps instead, and there is no top to watch.
        }
    }

    /// <summary>The browser says whether the top of the list can be seen.</summary>
    [JSInvokable]
    public void TopSeen(bool seen)
    {
        atTop = seen;
        if (seen && !paused && waiting.Count > 0)
        {
            TakeWaiting();
            StateHasChanged();
        }
    }

    private async Task PauseAsync()
    {
        paused = !paused;
        if (!paused)
        {
            await ShowWaiting();
        }
    }

    private async Task ShowWaiting()
    {
        TakeWaiting();
        if (module is not null && !atTop)
        {
            await module.InvokeVoidAsync("toTop", top);
        }
    }

    private void TakeWaiting()
    {
        place -= waiting.Count;
        rows = [.. waiting.Select((drawn, i) => new ShownRow(drawn, place + i, IsNew: true)).Concat(rows).DistinctBy(row => row.Drawn.Key).Take(StreamQuery.MostRows)];
        waiting = [];
    }

    /// <summary>A label was given other words: what is shown already says them too.</summary>
    private void DrawAnew()
    {
        var drawn = stream.Rows.ToDictionary(row => row.Key);
        rows = [.. rows.Select(row => drawn.TryGetValue(row.Drawn.Key, out var now) && now.Row == row.Drawn.Row ? row with { Drawn = now } : row)];
    }

    /// <summary>The head of the table, a text that all floors share.</summary>
    private static MarkupString Head => new(MadeOnce.Of(typeof(LiveStream), nameof(Head), () =>
        $"<tr>{Column(T("Ended"))}{Column(T("Number"))}{Column(T("Task"), "wide")}{Column(T("Intention"))}{Column(T("Talk"), "num")}{Column(T("Hung up"), "wide hung")}{Column(T("Transfer"), "wide")}" +
        $"{Column(T("Flags"), "wide", unseen: true)}{Column(T("Listen"), unseen: true)}</tr>"));

    private static string Column(string words, string? kind = null, bool unseen = false) =>
        $"<th{(kind is null ? "" : $" class=\"{kind}\"")}>{(unseen ? "<span class=\"visually-hidden\">" : "")}{HtmlEncoder.Default.Encode(words)}{(unseen ? "</span>" : "")}</th>";

    /// <summary>Tells readers of the screen now and then, not with every call.</summary>
    private void Speak(int count)
    {
        unspoken += count;
        var now = Time.GetUtcNow();
        if (now - spokeAt < SpeakEvery)
        {
            return;
        }

        spoken = waiting.Count > 0 && (paused || !atTop) ? T(unspoken, "{0} new call, waiting", "{0} new calls, waiting") : T(unspoken, "{0} new call", "{0} new calls");
        (unspoken, spokeAt) = (0, now);
    }

    /// <summary>Somebody pressed play in the row of a call, which is text to this page; or pressed it again.</summary>
    /// <param name="callId">Our id of the call.</param>
    [JSInvokable]
    public void Play(long callId)
    {
        playing = playing?.CallId == callId ? null : rows.Select(row => row.Drawn.Row).OfType<StreamCall>().FirstOrDefault(call => call.CallId == callId && call.HasRecording && mayListen);
        StateHasChanged();
    }

    public async ValueTask DisposeAsync()
    {
        Dispose();
        try
        {
            if (module is not null)
            {
                await module.InvokeVoidAsync("unwatch", top);
                await module.DisposeAsync();
            }
        }
        catch (JSDisconnectedException)
        {
            // The browser has already thrown it away.
        }

        self?.Dispose();
    }
}
