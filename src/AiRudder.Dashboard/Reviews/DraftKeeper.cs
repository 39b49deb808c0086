namespace AiRudder.Dashboard.Reviews;

/// <summary>
/// Saves what is being filled in a moment after the last change, on the server: whatever happens to the browser, what was filled in
/// is kept. Ends by saving what is still unsaved.
/// </summary>
/// <param name="save">Saves one draft.</param>
/// <param name="told">Called after each try, with what went wrong or null.</param>
/// <param name="time">Clock of the pause.</param>
public sealed class DraftKeeper(Func<ReviewDraft, Task> save, Func<Exception?, Task> told, TimeProvider time) : IAsyncDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(600);

    private readonly Lock sync = new();
    private ReviewDraft? unsaved;
    private CancellationTokenSource? waiting;
    private Task last = Task.CompletedTask;

    public void Changed(ReviewDraft draft)
    {
        lock (sync)
        {
            unsaved = draft;
            waiting?.Cancel();
            waiting?.Dispose();
            waiting = new CancellationTokenSource();
            last = SaveLaterAsync(last, waiting.Token);
        }
    }

    /// <summary>Forgets what is unsaved and waits for what is being saved: for when the review is handed in as a whole.</summary>
    public Task DropAsync()
    {
        lock (sync)
        {
            unsaved = null;
            waiting?.Cancel();
            return last;
        }
    }

    public async ValueTask DisposeAsync()
    {
        Task ending;
        lock (sync)
        {
            waiting?.Cancel();
            ending = last;
        }

        await ending;
        await SaveAsync();
        waiting?.Dispose();
    }

    private async Task SaveLaterAsync(Task before, CancellationToken changed)
    {
        await before;
        try
        {
            await Task.Delay(Pause, time, changed);
        }
        catch (OperationCanceledException)
        {
            return; // changed again, dropped or ended
        }

        await SaveAsync();
    }

    private async Task SaveAsync()
    {
        ReviewDraft? draft;
        lock (sync)
        {
            (draft, unsaved) = (unsaved, null);
        }

        if (draft is null)
        {
            return;
        }

        try
        {
            await save(draft);
            await told(null);
        }
        catch (Exception error)
        {
            lock (sync)
            {
                // A newer one makes up for it; without one it is tried again with the next change or at the end.
                unsaved ??= draft;
            }

            await told(error);
        }
    }
}
