using AiRudder.Dashboard.Accounts;
using AiRudder.Dashboard.Calls;
using AiRudder.Dashboard.Intentions;
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

    private IReadOnlyList<StreamRow> rows = [];
    private IReadOnlyList<StreamRow> waiting = [];
    private LabelLooks looks = LabelLooks.Empty;
    private PageScope? loaded;
    private long newest;
    private long settled;
    private bool paused;
    private bool atTop = true;
    private bool mayListen;
    private StreamCall? playing;
    private string? spoken;
    private int unspoken;
    private DateTimeOffset spokeAt;
    private ElementReference top;
    private IJSObjectReference? module;
    private DotNetObjectReference<LiveStream>? self;

    [Inject]
    public FloorReadings Readings { get; set; } = null!;

    [Inject]
    public LabelTable Labels { get; set; } = null!;

    [Inject]
    public IJSRuntime Script { get; set; } = null!;

    [CascadingParameter]
    public Task<AuthenticationState>? Identity { get; set; }

    protected override bool ReadsWithOthers => true;

    protected override TimeSpan Rest => TimeSpan.FromMilliseconds(250);

    protected override async Task LoadAsync(PageScope scope, CancellationToken cancel)
    {
        looks = await Labels.ReadAsync(cancel);
        mayListen = Identity is not null && Permissions.Allows((await Identity).User, Permission.Listen);
        var first = !ReferenceEquals(loaded, scope);
        var all = await Readings.StreamAsync(scope, cancel);
        IReadOnlyList<StreamRow> fresh = first ? all : [.. all.TakeWhile(row => row.Sequence > newest)];
        if (first)
        {
            (loaded, rows, waiting) = (scope, fresh, []);
            newest = settled = fresh.Count == 0 ? 0 : fresh[0].Sequence;
            return;
        }

        if (fresh.Count == 0)
        {
            return;
        }

        newest = Math.Max(newest, fresh[0].Sequence);
        waiting = StreamQuery.Order(fresh.Concat(waiting));
        Speak(fresh.Count);
        if (atTop && !paused)
        {
            TakeWaiting();
        }
    }

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (!firstRender)
        {
            return;
        }

        try
        {
            module = await Script.InvokeAsync<IJSObjectReference>("import", "./stream.js");
            self = DotNetObjectReference.Create(this);
            await module.InvokeVoidAsync("watch", top, self);
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
        // What was on the screen is settled; what comes in now is marked as new until the next arrival.
        settled = rows.Count == 0 ? settled : Math.Max(settled, rows[0].Sequence);
        rows = StreamQuery.Order(waiting.Concat(rows));
        waiting = [];
    }

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

    private void Play(StreamCall call) => playing = playing?.CallId == call.CallId ? null : call;

    /// <summary>They landed in these days, whenever they were dialled.</summary>
    private static string BatchLink(StreamBatch batch) => "/calls" + new CallFilter { Delivery = batch.DeliveryId, Connected = false }.ToQueryString();

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
