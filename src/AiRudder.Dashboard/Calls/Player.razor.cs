using System.Globalization;
using System.Security.Claims;
using System.Text.Json;
using AiRudder.Dashboard.Accounts;
using AiRudder.Dashboard.Connections;
using AiRudder.Dashboard.Recordings;
using AiRudder.Dashboard.Storage;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.JSInterop;

namespace AiRudder.Dashboard.Calls;

/// <summary>
/// Hears a call beside its transcript. Once alive in the browser it is not touched any more: a refresh of the page around it changes
/// its words, never its sound.
/// </summary>
public sealed partial class Player(IJSRuntime js, ListeningDesk desk, PersonPreferences preferences, IAuthorizationService authorization) : IAsyncDisposable
{
    private static readonly string[] Speeds = ["0.5", "0.75", "1", "1.25", "1.5", "1.75", "2", "2.5", "3"];

    private readonly CancellationTokenSource gone = new();
    private ElementReference root;
    private IJSObjectReference? module;
    private IJSObjectReference? player;
    private DotNetObjectReference<PlayerLink>? link;
    private ListeningFacts? facts;

    [Parameter, EditorRequired]
    public required string CallId { get; set; }

    [Parameter]
    public bool HasRecording { get; set; }

    [Parameter]
    public bool MayListen { get; set; }

    /// <summary>Second to begin at.</summary>
    [Parameter]
    public double Start { get; set; }

    [Parameter]
    public bool AutoPlay { get; set; }

    [Parameter]
    public string? Words { get; set; }

    [Parameter]
    public EventCallback<string?> WordsChanged { get; set; }

    [Parameter]
    public int Hits { get; set; }

    [Parameter]
    public bool HasTurns { get; set; }

    /// <summary>Flags on the waveform.</summary>
    [Parameter]
    public IReadOnlyList<SoundMark> Marks { get; set; } = [];

    /// <summary>IANA id of the zone that days are told in.</summary>
    [Parameter]
    public string Zone { get; set; } = "UTC";

    /// <summary>The listener pressed <c>n</c>: a note belongs at this second of the sound. Without a receiver the key does nothing.</summary>
    [Parameter]
    public EventCallback<double> NoteHere { get; set; }

    [Parameter, EditorRequired]
    public required RenderFragment ChildContent { get; set; }

    [CascadingParameter]
    public Task<AuthenticationState>? Who { get; set; }

    /// <summary>Where the sound comes from, in words.</summary>
    private string Copy => facts switch
    {
        null => "",
        { Recording: null } => T("Streamed from AIRUDDER"),
        { Recording: { State: RecordingState.Kept, Bytes: { } bytes }, KeptUntil: { } until } =>
            T("Own copy, {0}, kept until {1}", Webhooks.Watch.Words.Bytes(bytes), new LocalDays(Zone).ToLocal(until).ToString(T("d MMM yyyy"), CultureInfo.CurrentCulture)),
        { Recording: { State: RecordingState.Expected or RecordingState.Fetching } row } =>
            row.Reason is null ? T("Streamed from AIRUDDER while our copy is fetched") : T("Streamed from AIRUDDER while our copy is fetched; last try: {0}", RecordingReasons.Words(row.Reason)),
        { Recording: { } row } => T("No copy of our own: {0}", RecordingReasons.Words(row.Reason)),
    };

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (!firstRender)
        {
            return;
        }

        try
        {
            var id = long.Parse(CallId, CultureInfo.InvariantCulture);
            var remembered = await ReadAsync(id);
            link = DotNetObjectReference.Create(new PlayerLink(id, desk, preferences, authorization, PersonAsync, second => InvokeAsync(() => NoteHere.InvokeAsync(second)), gone.Token));
            module = await js.InvokeAsync<IJSObjectReference>("import", gone.Token, $"/{Assets["player.js"].TrimStart('.', '/')}");
            player = await module.InvokeAsync<IJSObjectReference>("attach", gone.Token, root, Options(remembered), link);
            StateHasChanged();
        }
        catch (Exception error) when (error is JSDisconnectedException || (error is OperationCanceledException && gone.IsCancellationRequested))
        {
            // The reader left before the page was alive.
        }
    }

    private async Task<IReadOnlyDictionary<string, string>> ReadAsync(long id)
    {
        var person = await PersonAsync();
        await OffCircuit.Go();
        if (HasRecording && MayListen)
        {
            facts = await desk.ReadAsync(id, gone.Token);
        }

        return await preferences.ReadAsync(person, PlayerLink.Prefix, gone.Token);
    }

    private object Options(IReadOnlyDictionary<string, string> remembered) => new
    {
        start = Start,
        play = AutoPlay,
        nudge = facts?.Nudge ?? 0,
        notes = NoteHere.HasDelegate,
        words = PlayerWords.Now,
        remembered = remembered.ToDictionary(pair => pair.Key[PlayerLink.Prefix.Length..], pair => pair.Value),
        waveform = facts?.Waveform is { } drawn
            ? new { seconds = drawn.Seconds, channels = drawn.Channels, peaks = Convert.ToBase64String(drawn.Peaks), silences = JsonSerializer.Deserialize<JsonElement>(drawn.SilencesJson) }
            : null,
    };

    private async Task<ClaimsPrincipal> PersonAsync() => Who is null ? new ClaimsPrincipal() : (await Who).User;

    private Task Find(ChangeEventArgs change) => WordsChanged.InvokeAsync(change.Value as string);

    public async ValueTask DisposeAsync()
    {
        await gone.CancelAsync();
        try
        {
            if (player is not null)
            {
                await player.InvokeVoidAsync("dispose");
                await player.DisposeAsync();
            }

            if (module is not null)
            {
                await module.DisposeAsync();
            }
        }
        catch (JSDisconnectedException)
        {
            // With the connection the player is gone too.
        }

        link?.Dispose();
        gone.Dispose();
    }
}
