using System.Globalization;
using AiRudder.Dashboard.Accounts;
using AiRudder.Dashboard.Accounts.Audit;
using AiRudder.Dashboard.Calls;
using Microsoft.AspNetCore.Components;

namespace AiRudder.Dashboard.Reviews;

/// <summary>The judging half of a call's page.</summary>
public sealed partial class CallReview(
    ReviewDesk desk, AuditLog audit, ReviewClaims claims, ReviewQueue queue, ReviewQueries reviews, QueueQueries queued, TimeProvider time, NavigationManager navigation) : IAsyncDisposable
{
    private ReviewKeys? keys;
    private DraftKeeper? keeper;
    private ITimer? renewal;
    private OpenForm? form;
    private ReviewDraft draft = ReviewDraft.Empty;
    private ReviewItem? place;
    private long? nextSound;
    private IReadOnlyList<QueueLine> places = [];
    private IReadOnlyList<ReviewLine> others = [];
    private IReadOnlyList<string> labels = [];
    private Review? mine;
    private string? taken;
    private string saved = "";
    private bool hidden;
    private bool writing;
    private bool loaded;

    /// <summary>The call, as its page has it.</summary>
    [Parameter, EditorRequired]
    public required CallLine Call { get; set; }

    /// <summary>The place in the queue it was opened from.</summary>
    [Parameter]
    public long? Item { get; set; }

    /// <summary>Seconds of the notes changed: for marks on the waveform.</summary>
    [Parameter]
    public EventCallback<IReadOnlyList<double>> NotesChanged { get; set; }

    private long CallId => long.Parse(Call.Id, CultureInfo.InvariantCulture);

    private string Status => !loaded ? "" : writing && form is not null ? $"{form.Card.Name} v{form.Version.Number}{saved}" : places.Count == 0 ? T("not in the queue") : string.Join(" · ", places.Select(Word));

    protected override async Task LoadAsync()
    {
        labels = await reviews.LabelsAsync(CallId, Gone);
        if (Item is { } wanted && MayReview && place is null)
        {
            await ClaimAsync(wanted);
        }

        places = await queued.OfCallAsync(CallId, Gone);
        others = await reviews.OfCallAsync(CallId, BlindFor, reveal: false, Gone);
        hidden = BlindFor is not null && others.Count < await reviews.CountOfCallAsync(CallId, Gone);
        if (form is null && MayReview)
        {
            form = await desk.OpenAsync(CallId, Me, Gone);
            draft = form?.Draft ?? ReviewDraft.Empty;
            mine = form?.Review;
            writing = place is not null || mine is { Draft: not null };
        }

        nextSound = place is null ? null : await claims.NextSoundAsync(Me, place.Id, Gone);
        loaded = true;
    }

    private async Task ClaimAsync(long wanted)
    {
        if (await claims.ClaimAsync(wanted, Me, Gone))
        {
            place = new ReviewItem { Id = wanted, CallId = CallId, State = ReviewItemState.Claimed };
            var every = ReviewClaims.Lasts / 3;
            renewal?.Dispose();
            renewal = time.CreateTimer(_ => _ = InvokeAsync(RenewAsync), null, every, every);
            return;
        }

        var line = (await queued.OfCallAsync(CallId, Gone)).FirstOrDefault(it => it.Item.Id == wanted);
        taken = line?.Item switch
        {
            null => T("This call is not in the queue any more."),
            { State: ReviewItemState.Done } => T("{0} has reviewed this call.", line.By),
            { State: ReviewItemState.Skipped } => T("{0} has skipped this call.", line.By),
            { State: ReviewItemState.Claimed } => T("{0} is reviewing this call.", line.By),
            { AssignedTo: { } other } when other != Me => T("This call is for {0}.", line.AssignedTo),
            _ => T("You have the other half of this pair: somebody else must judge it a second time."),
        };
    }

    private async Task RenewAsync()
    {
        try
        {
            if (!Gone.IsCancellationRequested && place is { } held && !await claims.RenewAsync(held.Id, Me, Gone))
            {
                (place, saved) = (null, " · " + T("taken over by somebody else"));
                StateHasChanged();
            }
        }
        catch (OperationCanceledException) when (Gone.IsCancellationRequested)
        {
            // The page is gone.
        }
        catch (Exception error)
        {
            await DispatchExceptionAsync(error);
        }
    }

    private Task BeginAsync() => DoAsync(Permission.Review, async () =>
    {
        if (places.FirstOrDefault(line => line.Item.State is ReviewItemState.Open or ReviewItemState.Claimed) is { } waiting)
        {
            await ClaimAsync(waiting.Item.Id);
        }

        writing = taken is null;
        return null;
    });

    private void Change(ReviewDraft changed)
    {
        draft = changed;
        saved = " · " + T("saving…");
        keeper ??= new DraftKeeper(
            it => desk.SaveDraftAsync(CallId, form!.Version.Id, Me, it, CancellationToken.None),
            error => Gone.IsCancellationRequested ? Task.CompletedTask : InvokeAsync(() =>
            {
                saved = " · " + (error is null ? T("draft saved") : T("the draft could not be saved; it is tried again with your next change"));
                StateHasChanged();
            }),
            time);
        keeper.Changed(changed);
    }

    private Task SubmitAsync(bool goOn) => DoAsync(Permission.Review, async () =>
    {
        await (keeper?.DropAsync() ?? Task.CompletedTask);
        var isIn = false;
        try
        {
            await audit.WriteAsync((await Who).User, AuditAction.Review, $"call {Call.Id}", cancel: CancellationToken.None);
            if (await desk.SubmitAsync(CallId, form!.Version.Id, Me, draft, place?.Id, CancellationToken.None) is { } problem)
            {
                return problem;
            }

            isIn = true;
        }
        finally
        {
            if (!isIn)
            {
                keeper?.Changed(draft);
            }
        }

        var from = place?.Id;
        (form, place, writing, saved) = (null, null, false, "");
        if (goOn)
        {
            await GoOnAsync(from);
        }

        return null;
    });

    private Task SkipAsync(string reason) => DoAsync(Permission.Review, async () =>
    {
        if (place is not { } held)
        {
            return T("This call is not yours to skip.");
        }

        if (await claims.SkipAsync(held.Id, Me, reason, Gone) is { } problem)
        {
            return problem;
        }

        (place, writing) = (null, false);
        await GoOnAsync(held.Id);
        return null;
    });

    private Task NextAsync() => DoAsync(Permission.Review, async () =>
    {
        await GoOnAsync(Item);
        return null;
    });

    private async Task GoOnAsync(long? after) =>
        navigation.NavigateTo(await claims.NextAsync(Me, after, Gone) is { } item ? ReviewAddress.Next(item) : "/reviews");

    private Task SecondAsync() => DoAsync(Permission.PlanReview, () => queue.AddSecondAsync(CallId, Me, Gone));

    private async Task<double?> NowAsync() => keys is null ? null : await keys.NowAsync();

    private static string Word(QueueLine line) => line.Item.State switch
    {
        ReviewItemState.Open => line.AssignedTo is { } only ? T("waits for {0}", only) : T("waits for a reviewer"),
        ReviewItemState.Claimed => T("with {0}", line.By),
        ReviewItemState.Done => T("reviewed"),
        _ => T("skipped"),
    } + (line.Paired ? " " + T("({0} of 2)", line.Item.Slot) : "");

    public async ValueTask DisposeAsync()
    {
        renewal?.Dispose();
        Dispose();
        if (keeper is not null)
        {
            await keeper.DisposeAsync();
        }
    }
}
