using System.Diagnostics;
using System.Globalization;
using AiRudder.Dashboard.Accounts;
using AiRudder.Dashboard.Accounts.Audit;
using AiRudder.Dashboard.Live;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;

namespace AiRudder.Dashboard.Calls;

/// <summary>One call: sound and transcript side by side with everything known of it.</summary>
public sealed partial class CallPage(
    CallReader calls, IAuthorizationService authorization, LiveFeed feed, AuditLog audit, TimeProvider time, NavigationManager navigation, ILogger<CallPage> log) : IDisposable
{
    private readonly CancellationTokenSource gone = new();
    private LiveRefresh? live;
    private string? loadedId;
    private CallView? view;
    private bool missing;
    private string? failure;
    private bool mayListen;
    private bool mayReveal;
    private bool maySeeReviews;
    private bool revealed;
    private string? words;
    private IReadOnlyList<SoundMark> noteMarks = [];

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

    /// <summary>The place in the review queue from which it was opened.</summary>
    [SupplyParameterFromQuery(Name = "review")]
    public string? Review { get; set; }

    [CascadingParameter]
    public required Task<AuthenticationState> Who { get; set; }

    [CascadingParameter]
    public HttpContext? Http { get; set; }

    private double StartSecond =>
        double.TryParse(At, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var second) && second is >= 0 and < 86_400 ? second : 0;

    private long? ReviewItem => Review is null ? null : CallEndpoints.Id(Review);

    private void MarkNotes(IReadOnlyList<double> seconds) => noteMarks = [.. seconds.Select(second => new SoundMark(second, T("open note")))];

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

        (loadedId, view, missing, revealed, words, noteMarks) = (Id, null, false, false, Q, []);
        var person = (await Who).User;
        mayListen = (await authorization.AuthorizeAsync(person, nameof(Permission.Listen))).Succeeded;
        mayReveal = (await authorization.AuthorizeAsync(person, nameof(Permission.Reveal))).Succeeded;
        maySeeReviews = (await authorization.AuthorizeAsync(person, nameof(Permission.SeeReviews))).Succeeded;
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
            Fail(error);
        }

        StateHasChanged();
    }

    private void Fail(Exception error)
    {
        failure = Activity.Current?.TraceId.ToHexString()[..12] ?? Guid.NewGuid().ToString("N")[..12];
        LogNotRead(log, failure, error);
    }

    private async Task ToggleRevealAsync()
    {
        // Asked anew: a circuit outlives a change of role.
        var person = (await Who).User;
        var wanted = !revealed && (await authorization.AuthorizeAsync(person, nameof(Permission.Reveal))).Succeeded;
        if (wanted && view is not null)
        {
            try
            {
                await audit.WriteAsync(person, AuditAction.Reveal, $"call {view.Line.Id}", cancel: gone.Token);
            }
            catch (Exception error) when (!gone.IsCancellationRequested)
            {
                // What cannot be written down is not shown.
                Fail(error);
                return;
            }
        }

        revealed = wanted;
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
