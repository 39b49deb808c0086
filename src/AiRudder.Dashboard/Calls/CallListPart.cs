using System.Security.Claims;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;

namespace AiRudder.Dashboard.Calls;

/// <summary>A part of the list of calls that does something for the person who looks: once at a time, and it says what stands against it.</summary>
public abstract partial class CallListPart : ComponentBase, IDisposable
{
    private readonly CancellationTokenSource gone = new();
    private bool unread;
    private int readings;

    protected CallListPart() => Gone = gone.Token;

    [Inject]
    public ILogger<CallListPart> Log { get; set; } = null!;

    [CascadingParameter]
    public required Task<AuthenticationState> Who { get; set; }

    /// <summary>Ends with the component.</summary>
    protected CancellationToken Gone { get; }

    protected bool Busy { get; private set; }

    /// <summary>Why the last thing was not done; null when it was.</summary>
    protected string? Refusal { get; private set; }

    /// <summary>Asked anew each time: a circuit outlives a change of role.</summary>
    protected async Task<ClaimsPrincipal> PersonAsync() => (await Who).User;

    /// <summary>Does something and keeps what it answers: what stands against it, or null.</summary>
    /// <returns>Whether it was done.</returns>
    protected async Task<bool> DoAsync(Func<ClaimsPrincipal, Task<string?>> action)
    {
        if (Busy)
        {
            return false;
        }

        (Busy, unread) = (true, false);
        try
        {
            return await TryAsync(async person => Refusal = await action(person)) && Refusal is null;
        }
        finally
        {
            Busy = false;
        }
    }

    /// <summary>
    /// Reads what is shown, whatever is being done meanwhile: no button waits for it. What was asked last is shown, also when an earlier
    /// reading ends after it. What stands against the last thing done stays; that an earlier reading failed does not.
    /// </summary>
    protected async Task ReadAsync<T>(Func<ClaimsPrincipal, Task<T>> read, Action<T> show)
    {
        var mine = ++readings;
        var done = await TryAsync(async person =>
        {
            var now = await read(person);
            if (mine == readings)
            {
                show(now);
            }
        });
        Refusal = done && unread ? null : Refusal;
        unread = !done;
    }

    private async Task<bool> TryAsync(Func<ClaimsPrincipal, Task> action)
    {
        try
        {
            await action(await PersonAsync());
            return true;
        }
        catch (OperationCanceledException) when (Gone.IsCancellationRequested)
        {
            return false;
        }
        catch (Exception error)
        {
            var reference = Guid.NewGuid().ToString("N")[..12];
            LogNotDone(Log, GetType().Name, reference, error);
            Refusal = T("This could not be done. The server's log has it under reference {0}.", reference);
            return false;
        }
    }

    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    protected virtual void Dispose(bool disposing)
    {
        if (disposing && !Gone.IsCancellationRequested)
        {
            gone.Cancel();
            gone.Dispose();
        }
    }

    [LoggerMessage(4003, LogLevel.Error, "{Component} could not do what it was asked, reference {Reference}")]
    private static partial void LogNotDone(ILogger log, string component, string reference, Exception error);
}
