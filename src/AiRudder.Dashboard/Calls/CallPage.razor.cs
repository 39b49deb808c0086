using System.Diagnostics;
using System.Globalization;
using AiRudder.Dashboard.Accounts;
using AiRudder.Dashboard.Live;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;

namespace AiRudder.Dashboard.Calls;

/// <summary>One call: sound and transcript side by side with everything known of it.</summary>
public sealed partial class CallPage(
    CallReader calls, IAuthorizationService authorization, LiveFeed feed, TimeProvider time, NavigationManager navigation, ILogger<CallPage> log) : IDisposable
{
    private readonly CancellationTokenSource gone = new();
    private LiveRefresh? live;
    private string? loadedId;
    private CallView? view;
    private bool missing;
    private string? failure;
    private bool mayListen;
    private bool mayReveal;
    private bool revealed;
    private string? words;

    [Parameter]
    public required string Id { get; set; }

    /// <summary>The second to open at.</summary>
    [SupplyParameterFromQuery(Name = "t")]
    public string? At { get; set; }

    /// <summary>Words to mark in the transcript.</summary>
    [SupplyParameterFromQuery(Name = "q")]
    public string? Q { get; set; }

    /// <summary>Begin to play.</summary>
    [SupplyParameterFromQuery(Name = "play")]
    public string? Play { get; set; }

    [CascadingParameter]
    public required Task<AuthenticationState> Who { get; set; }

    [CascadingParameter]
    public HttpContext? Http { get; set; }

    private double StartSecond =>
        double.TryParse(At, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var second) && second is >= 0 and < 86_400 ? second : 0;

    private string Here => navigation.Uri.Split('#')[0];

    /// <summary>The list as it was left, when this page was opened from one.</summary>
    private string Back => "/calls" + (Q is null ? "" : new CallFilter { Q = Q }.ToQueryString());

    private int hits => view is null || string.IsNullOrWhiteSpace(words) ? 0 : Transcript.Hits(view.Turns, words);

    protected override async Task OnParametersSetAsync()
    {
        if (loadedId == Id)
        {
            return;
        }

        (loadedId, view, missing, revealed, words) = (Id, null, false, false, Q);
        var person = (await Who).User;
        mayListen = (await authorization.AuthorizeAsync(person, nameof(Permission.Listen))).Succeeded;
        mayReveal = (await authorization.AuthorizeAsync(person, nameof(Permission.Reveal))).Succeeded;
        if (RendererInfo.IsInteractive && CallEndpoints.Id(Id) is { } id)
        {
            live?.Dispose();
            live = new LiveRefresh(feed, landed => landed.CallIds.Contains(id) || landed.CallIds.Count < landed.Calls, () => InvokeAsync(LoadAsync), time);
        }

        await LoadAsync();
        if (missing && Http is { Response.HasStarted: false } http)
        {
            http.Response.StatusCode = StatusCodes.Status404NotFound;
        }
    }

    private async Task LoadAsync()
    {
        try
        {
            failure = null;
            view = CallEndpoints.Id(Id) is { } id ? await calls.FindAsync(id, revealed, gone.Token) : null;
            missing = view is null;
        }
        catch (OperationCanceledException) when (gone.IsCancellationRequested)
        {
            return;
        }
        catch (Exception error)
        {
            var reference = Activity.Current?.TraceId.ToHexString()[..12] ?? Guid.NewGuid().ToString("N")[..12];
            LogNotRead(log, reference, error);
            failure = reference;
        }

        StateHasChanged();
    }

    private async Task ToggleRevealAsync()
    {
        // Asked anew: a circuit outlives a change of role.
        revealed = !revealed && (await authorization.AuthorizeAsync((await Who).User, nameof(Permission.Reveal))).Succeeded;
        await LoadAsync();
    }

    public void Dispose()
    {
        live?.Dispose();
        gone.Cancel();
        gone.Dispose();
    }

    [LoggerMessage(4001, LogLevel.Error, "A call could not be read for its page, reference {Reference}")]
    private static partial void LogNotRead(ILogger log, string reference, Exception error);
}
