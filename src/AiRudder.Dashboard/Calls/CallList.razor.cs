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
    CallQueries calls, IAuthorizationService authorization, LiveFeed feed, TimeProvider time, NavigationManager navigation, IJSRuntime js, ILogger<CallList> log) : IDisposable
{
    private readonly CancellationTokenSource gone = new();
    private LiveRefresh? live;
    private CallListAddress? address;
    private CallLines? page;
    private CallCount? count;
    private CallCount fresh;
    private CallWords words = CallWords.None;
    private long newestId;
    private string? failure;
    private bool mayExport;
    private bool mayReveal;

    [CascadingParameter]
    public required Task<AuthenticationState> Who { get; set; }

    private DateTimeOffset Today => time.GetUtcNow();

    private string CountWords => count is null ? "" : Counted + (address is { Filter: { From: null, To: null } } ? " · all days" : "");

    private string Counted => count switch
    {
        null => "",
        { More: true } many => $"{many.Calls.ToString("N0", CultureInfo.InvariantCulture)}+ calls",
        { Calls: 1 } => "1 call",
        { } exact => $"{exact.Calls.ToString("N0", CultureInfo.InvariantCulture)} calls",
    };

    protected override async Task OnInitializedAsync()
    {
        var person = (await Who).User;
        mayExport = (await authorization.AuthorizeAsync(person, nameof(Permission.Export))).Succeeded;
        mayReveal = (await authorization.AuthorizeAsync(person, nameof(Permission.Reveal))).Succeeded;
        navigation.LocationChanged += Moved;
        if (RendererInfo.IsInteractive)
        {
            // Listened to before the first reading, so that nothing falls between.
            live = new LiveRefresh(feed, _ => true, () => InvokeAsync(CountFreshAsync), time, TimeSpan.FromSeconds(1));
        }

        address = new CallListAddress(navigation.Uri);
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
            address = new CallListAddress(where.Location);
            _ = InvokeAsync(LoadAsync);
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
                var read = await calls.ListAsync(new CallsWanted(wanted.Filter, wanted.Sort, wanted.Cursor), gone.Token);
                if (wanted != address)
                {
                    return; // moved on meanwhile
                }

                page = read;
                StateHasChanged();
                count = await calls.CountAsync(wanted.Filter, gone.Token);
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
