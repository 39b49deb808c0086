using Microsoft.AspNetCore.Components;

namespace AiRudder.Dashboard.Alerts;

/// <summary>A part of a page that shows alerts: looks every other second, and says so when reading fails.</summary>
public abstract partial class AlertComponent : ComponentBase, IDisposable
{
    private static readonly TimeSpan Beat = TimeSpan.FromSeconds(2);

    private readonly CancellationTokenSource gone = new();
    private readonly CancellationToken cancelled;

    protected AlertComponent() => cancelled = gone.Token;

    [Inject]
    public AlertQueries Alerts { get; set; } = null!;

    [Inject]
    public TimeProvider Time { get; set; } = null!;

    [Inject]
    public ILogger<AlertComponent> Log { get; set; } = null!;

    /// <summary>Number under which the last failure is in the log; null while all is well.</summary>
    protected string? Failure { get; private set; }

    /// <summary>Reads what is shown.</summary>
    /// <returns>Whether it changed.</returns>
    protected abstract Task<bool> LoadAsync(CancellationToken cancel);

    protected override async Task OnInitializedAsync()
    {
        if (RendererInfo.IsInteractive)
        {
            await ReadAsync();
            _ = TickAsync();
        }
    }

    /// <summary>Reads again at once.</summary>
    protected async Task ReadAsync()
    {
        if (cancelled.IsCancellationRequested)
        {
            return;
        }

        var before = Failure;
        var changed = false;
        try
        {
            changed = await LoadAsync(cancelled);
            Failure = null;
        }
        catch (OperationCanceledException) when (cancelled.IsCancellationRequested)
        {
            return;
        }
        catch (Exception error)
        {
            // Once, not with every beat.
            if (Failure is null)
            {
                Failure = Guid.NewGuid().ToString("N")[..8];
                LogFailed(Log, error, GetType().Name, Failure);
            }
        }

        if ((changed || before != Failure) && !cancelled.IsCancellationRequested)
        {
            StateHasChanged();
        }
    }

    private async Task TickAsync()
    {
        try
        {
            using var timer = new PeriodicTimer(Beat, Time);
            while (await timer.WaitForNextTickAsync(cancelled))
            {
                await InvokeAsync(ReadAsync);
            }
        }
        catch (OperationCanceledException)
        {
            // The circuit ended.
        }
    }

    [LoggerMessage(7030, LogLevel.Error, "{Component} could not read its alerts, reference {Reference}")]
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
            gone.Cancel();
            gone.Dispose();
        }
    }
}
