using AiRudder.Dashboard.Layout;
using AiRudder.Dashboard.Metrics;
using Microsoft.AspNetCore.Components;

namespace AiRudder.Dashboard.Live;

/// <summary>
/// A part of a page that follows the feed: subscribes first and loads second, loads again when the scope changes, rests between
/// refreshes, and says so when reading fails instead of taking the page down. While the page is prerendered it shows its skeleton
/// and asks nothing.
/// </summary>
public abstract partial class LiveComponent : ComponentBase, IDisposable
{
    private static readonly TimeSpan LongestRest = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan UnknownRest = TimeSpan.FromSeconds(3);

    private readonly CancellationTokenSource gone = new();
    private readonly CancellationToken cancelled;
    private CancellationTokenSource current = new();
    private LiveRefresh? refresh;
    private Task reading = Task.CompletedTask;
    private object? shown;

    protected LiveComponent() => cancelled = gone.Token;

    [Inject]
    public LiveFeed Feed { get; set; } = null!;

    [Inject]
    public TimeProvider Time { get; set; } = null!;

    [Inject]
    public ILogger<LiveComponent> Log { get; set; } = null!;

    [CascadingParameter]
    public PageScope? Scope { get; set; }

    /// <summary>Least time between two refreshes.</summary>
    protected virtual TimeSpan Rest => TimeSpan.FromSeconds(1);

    /// <summary>What it reads is read once for all pages, see <see cref="Shared{TKey, TValue}"/>, which rests as long as it must.</summary>
    protected virtual bool ReadsWithOthers => false;

    /// <summary>Number under which the last failure is in the log; null while all is well.</summary>
    protected string? Failure { get; private set; }

    /// <summary>Why the figures cannot be known now, in words; null while they can.</summary>
    protected string? Unknown { get; private set; }

    protected bool Loading { get; private set; } = true;

    /// <summary>It is shown no longer.</summary>
    protected bool IsGone => cancelled.IsCancellationRequested;

    /// <summary>What decides which data is shown; a change of it loads anew.</summary>
    protected virtual object Key(PageScope scope) => scope;

    protected virtual bool Concerns(Landed landed) => Scope?.Includes(landed.ConnectionId) == true;

    /// <summary>Reads what is shown. Called on the circuit, never twice at once.</summary>
    protected abstract Task LoadAsync(PageScope scope, CancellationToken cancel);

    protected override async Task OnParametersSetAsync()
    {
        if (Scope is not { } scope || !RendererInfo.IsInteractive || Equals(shown, Key(scope)))
        {
            return;
        }

        shown = Key(scope);
        Loading = true;
        refresh?.Dispose();
        current.Cancel();
        current.Dispose();
        current = CancellationTokenSource.CreateLinkedTokenSource(cancelled);
        refresh = new LiveRefresh(Feed, Concerns, ReadAndRestAsync, Time, Rest);
        await refresh.RequestAsync();
    }

    /// <summary>Reads again, now or after the rest.</summary>
    protected Task ReloadAsync() => refresh?.RequestAsync() ?? Task.CompletedTask;

    /// <summary>What takes long is done seldom: a page that follows the feed never keeps the store busy for more than a quarter of the time.</summary>
    private async Task ReadAndRestAsync()
    {
        var start = Time.GetTimestamp();
        await InvokeAsync(ReadAsync);
        if (Unknown is not null)
        {
            // No landing will say that they are known again.
            await Task.Delay(UnknownRest, Time, cancelled);
            await ReloadAsync();
            return;
        }

        var pause = 3 * Time.GetElapsedTime(start);
        if (pause > Rest && !ReadsWithOthers)
        {
            await Task.Delay(pause < LongestRest ? pause - Rest : LongestRest, Time, cancelled);
        }
    }

    /// <summary>One reading after the other: an earlier one that ends late must not write over a later.</summary>
    private Task ReadAsync() => cancelled.IsCancellationRequested ? Task.CompletedTask : reading = ReadAfterAsync(reading, current.Token);

    private async Task ReadAfterAsync(Task before, CancellationToken cancel)
    {
        await before;
        if (Scope is not { } scope || cancel.IsCancellationRequested)
        {
            return;
        }

        try
        {
            await LoadAsync(scope, cancel);
            (Failure, Unknown) = (null, null);
        }
        catch (FiguresUnknownException reason)
        {
            (Failure, Unknown) = (null, reason.Message);
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            return;
        }
        catch (Exception error)
        {
            Failure = Guid.NewGuid().ToString("N")[..8];
            LogFailed(Log, error, GetType().Name, Failure);
        }

        if (!cancel.IsCancellationRequested)
        {
            Loading = false;
            StateHasChanged();
        }
    }

    [LoggerMessage(3101, LogLevel.Error, "{Component} could not read its data, reference {Reference}")]
    private static partial void LogFailed(ILogger log, Exception error, string component, string reference);

    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    protected virtual void Dispose(bool disposing)
    {
        if (disposing && !cancelled.IsCancellationRequested)
        {
            refresh?.Dispose();
            gone.Cancel();
            gone.Dispose();
            current.Cancel();
            current.Dispose();
        }
    }
}
