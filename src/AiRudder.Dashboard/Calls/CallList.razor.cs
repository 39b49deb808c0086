using System.Diagnostics;
using System.Globalization;
using AiRudder.Dashboard.Accounts;
using AiRudder.Dashboard.Connections;
using AiRudder.Dashboard.Live;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Components.Routing;
using Microsoft.JSInterop;

namespace AiRudder.Dashboard.Calls;

/// <summary>The list of calls. Its address says everything it shows; new calls wait behind a button until they are asked for.</summary>
public sealed partial class CallList(
    CallQueries calls, SavedViews views, TranscriptIndex index, IAuthorizationService authorization, LiveFeed feed, TimeProvider time, NavigationManager navigation, IJSRuntime js, ILogger<CallList> log) : IDisposable
{
    private readonly CancellationTokenSource gone = new();
    private LiveRefresh? live;
    private CallListAddress? address;
    private CallLines? page;
    private CallCount? count;
    private CallCount fresh;
    private CallWords words = CallWords.None;
    private long newestId;
    private readonly CallMarks marks = new();
    private IReadOnlyList<CallColumn> chosen = CallColumns.Usual;
    private CallCount behind;
    private string? failure;
    private bool mayExport;
    private bool mayPlan;

    /// <summary>Only for whoever can do something with marked calls.</summary>
    private bool mayMark => mayExport || mayPlan;

    private IReadOnlyList<CallColumn> Columns => address?.Columns ?? chosen;

    private IReadOnlyList<long> Ids => [.. (page?.Items ?? []).Select(CallTable.IdOf)];

    [CascadingParameter]
    public required Task<AuthenticationState> Who { get; set; }

    private DateTimeOffset Today => time.GetUtcNow();

    private string CountWords => count is null ? "" : Counted + (address is { Filter: { From: null, To: null } } ? " · " + T("all days") : "");

    private string Counted => count switch
    {
        null => "",
        { More: true, Calls: 0 } => T("none found so far"),
        { More: true } many => T("{0:N0}+ calls", many.Calls),
        { } exact => T(exact.Calls, "{0} call", "{0} calls"),
    };

    protected override async Task OnInitializedAsync()
    {
        var person = (await Who).User;
        mayExport = (await authorization.AuthorizeAsync(person, nameof(Permission.Export))).Succeeded;
        mayPlan = (await authorization.AuthorizeAsync(person, nameof(Permission.PlanReview))).Succeeded;
        var (choice, opensWith) = await views.ChoiceAsync(person, gone.Token);
        chosen = CallColumns.Parse(choice.Columns).Columns;
        navigation.LocationChanged += Moved;
        if (RendererInfo.IsInteractive)
        {
            // Listened to before the first reading, so that nothing falls between.
            live = new LiveRefresh(feed, _ => true, () => InvokeAsync(CountFreshAsync), time, TimeSpan.FromSeconds(1));
        }

        address = new CallListAddress(navigation.Uri);
        if (opensWith is { Query.Length: > 0 } view && new Uri(navigation.Uri).Query.Length == 0)
        {
            // A bare address opens with the view this person chose; "All calls" says so in its address.
            address = new CallListAddress(new Uri(new Uri(navigation.Uri), "/calls" + view.Query).ToString());
            navigation.NavigateTo("/calls" + address.Query(("columns", view.Columns)), replace: true);
            address = new CallListAddress(navigation.Uri);
        }

        await LoadAsync();
        words = await calls.WordsAsync(gone.Token);
    }

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (firstRender)
        {
            try
            {
                await js.InvokeAsync<IJSObjectReference>("import", $"/{Assets["rows.js"].TrimStart('.', '/')}");
            }
            catch (JSDisconnectedException)
            {
                // The reader left before the page was alive.
            }
        }
    }

    private void Moved(object? sender, LocationChangedEventArgs where)
    {
        if (new Uri(where.Location).AbsolutePath == "/calls")
        {
            var (before, now) = (address, new CallListAddress(where.Location));
            address = now;
            _ = InvokeAsync(() =>
            {
                if (before?.Plain != now.Plain)
                {
                    marks.Clear();
                }

                // Only another call beside the list, or other columns: the rows stay.
                return before?.Rows == now.Rows && page is not null ? InvokeAsync(StateHasChanged) : LoadAsync();
            });
        }
    }

    private async Task LoadAsync()
    {
        var wanted = address!;
        try
        {
            failure = null;
            if (wanted.Errors.Count == 0)
            {
                newestId = await calls.NewestIdAsync(gone.Token);
                fresh = default;
                var read = await calls.ListAsync(new CallsWanted(wanted.Filter, wanted.Sort, wanted.Cursor, Snippets: true), gone.Token);
                if (wanted.Rows != address?.Rows)
                {
                    return; // moved on meanwhile
                }

                page = read;
                StateHasChanged();
                behind = wanted.Filter.Q is null ? default : await index.BehindAsync(gone.Token);
                count = read is { Next: null, Previous: null, Stopped: null } ? new CallCount(read.Items.Count, More: false) : await calls.CountAsync(wanted.Filter, gone.Token);
            }
            else
            {
                (page, count) = (null, null);
            }
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

    private async Task CountFreshAsync()
    {
        if (address is not { Errors.Count: 0 } current)
        {
            return;
        }

        try
        {
            fresh = await calls.CountSinceAsync(current.Filter, newestId, gone.Token);
            StateHasChanged();
        }
        catch (OperationCanceledException) when (gone.IsCancellationRequested)
        {
            // The circuit ended.
        }
        catch (Exception error)
        {
            await DispatchExceptionAsync(error);
        }
    }

    /// <summary>How far a search got that looks at no more calls at once.</summary>
    private string Searched(CallCursor place)
    {
        if (place.Sort.By == CallOrder.Duration)
        {
            var talk = VisibleText.Clock((double)Math.Max(0, place.Value));
            return place.Sort.Descending ? T("Searched down to {0} of talk; more may fit.", talk) : T("Searched up to {0} of talk; more may fit.", talk);
        }

        var at = TimeZoneInfo.ConvertTime(DateTimeOffset.FromUnixTimeMilliseconds(place.Value), TimeZoneInfo.FindSystemTimeZoneById(Zone)).ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);
        return place.Sort.Descending != place.Back ? T("Searched back to {0} ({1}); more may fit.", at, Zone) : T("Searched on to {0} ({1}); more may fit.", at, Zone);
    }

    private string? FirstId => page?.Items is [var first, ..] ? first.Id : null;

    private string Zone => page?.Items is [var first, ..] ? first.TimeZone : "UTC";

    private string PageOf(long id) => string.Create(CultureInfo.InvariantCulture, $"/calls/{id}") + new CallFilter { Q = address?.Value("q") }.ToQueryString();

    private void Show(IReadOnlyList<CallColumn> columns)
    {
        chosen = columns;
        if (address?.Columns is not null)
        {
            navigation.NavigateTo("/calls" + address.Query(("cursor", address.Value("cursor")), ("columns", null)), replace: true);
        }
    }

    private void MarkOne((CallLine Line, bool Range) one) => marks.Toggle(Ids, CallTable.IdOf(one.Line), one.Range);

    private void MarkPage(bool mark) => marks.SetAll(Ids, mark);

    /// <summary>To the beginning of the list, where new calls stand.</summary>
    private async Task ShowNewAsync()
    {
        if (address!.Cursor is null)
        {
            await LoadAsync();
        }
        else
        {
            navigation.NavigateTo("/calls" + address.Query());
        }
    }

    public void Dispose()
    {
        navigation.LocationChanged -= Moved;
        live?.Dispose();
        gone.Cancel();
        gone.Dispose();
    }

    [LoggerMessage(4002, LogLevel.Error, "The list of calls could not be read, reference {Reference}")]
    private static partial void LogNotRead(ILogger log, string reference, Exception error);
}
