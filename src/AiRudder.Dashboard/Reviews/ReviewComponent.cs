using AiRudder.Dashboard.Accounts;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;

namespace AiRudder.Dashboard.Reviews;

/// <summary>
/// A part of a page about reviews: knows who looks, loads when the circuit is there, says so when reading fails, and asks the
/// permission table anew before it does anything.
/// </summary>
public abstract partial class ReviewComponent : ComponentBase, IDisposable
{
    private readonly CancellationTokenSource gone = new();

    protected ReviewComponent() => Gone = gone.Token;

    [Inject]
    public IAuthorizationService Authorization { get; set; } = null!;

    [Inject]
    public ILogger<ReviewComponent> Log { get; set; } = null!;

    [CascadingParameter]
    public required Task<AuthenticationState> Who { get; set; }

    /// <summary>Ends with the component.</summary>
    protected CancellationToken Gone { get; }

    /// <summary>Account id of the reader.</summary>
    protected string Me { get; private set; } = "";

    /// <summary>See <see cref="ReviewQueries.BlindFor"/>.</summary>
    protected string? BlindFor { get; private set; }

    protected bool MayReview { get; private set; }

    protected bool MayPlan { get; private set; }

    /// <summary>Number under which the last failure is in the log; null while all is well.</summary>
    protected string? Failure { get; private set; }

    /// <summary>What the last action was refused for; null when it was not.</summary>
    protected string? Refusal { get; set; }

    protected bool Busy { get; private set; }

    /// <summary>Reads what is shown.</summary>
    protected abstract Task LoadAsync();

    protected override async Task OnInitializedAsync()
    {
        var person = (await Who).User;
        Me = Reviewers.Id(person);
        MayReview = await MayAsync(Permission.Review);
        MayPlan = await MayAsync(Permission.PlanReview);
        BlindFor = MayReview ? Me : null;
        if (RendererInfo.IsInteractive)
        {
            await ReloadAsync();
        }
    }

    protected async Task ReloadAsync()
    {
        try
        {
            await LoadAsync();
            Failure = null;
        }
        catch (OperationCanceledException) when (Gone.IsCancellationRequested)
        {
            return;
        }
        catch (Exception error)
        {
            Failure = Guid.NewGuid().ToString("N")[..8];
            LogNotRead(Log, error, GetType().Name, Failure);
        }

        StateHasChanged();
    }

    /// <summary>Does something the table allows, once at a time, and reads again. The action answers what stands against it, or null.</summary>
    protected async Task DoAsync(Permission permission, Func<Task<string?>> action)
    {
        if (Busy)
        {
            return;
        }

        Busy = true;
        try
        {
            Refusal = await MayAsync(permission) ? await action() : T("Your role does not allow this.");
        }
        catch (OperationCanceledException) when (Gone.IsCancellationRequested)
        {
            return;
        }
        catch (Exception error)
        {
            // The page stays, with all that is filled in.
            var reference = Guid.NewGuid().ToString("N")[..8];
            LogNotDone(Log, error, GetType().Name, reference);
            Refusal = T("This could not be done; nothing was changed. Try again. The server's log has it under reference {0}.", reference);
        }
        finally
        {
            Busy = false;
        }

        await ReloadAsync();
    }

    /// <summary>Asked anew each time: a circuit outlives a change of role.</summary>
    protected async Task<bool> MayAsync(Permission permission) => (await Authorization.AuthorizeAsync((await Who).User, permission.ToString())).Succeeded;

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

    [LoggerMessage(7003, LogLevel.Error, "{Component} could not do what it was asked, reference {Reference}")]
    private static partial void LogNotDone(ILogger log, Exception error, string component, string reference);

    [LoggerMessage(7002, LogLevel.Error, "{Component} could not read its data, reference {Reference}")]
    private static partial void LogNotRead(ILogger log, Exception error, string component, string reference);
}
