using System.Globalization;
using AiRudder.Dashboard.Calls;
using AiRudder.Dashboard.Connections;
using AiRudder.Dashboard.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Primitives;

namespace AiRudder.Dashboard.Reviews;

/// <summary>Which reviews are meant: those of the calls that fit, and of these some. Names are those of the query string.</summary>
public sealed record ReviewFilter
{
    /// <summary>Which calls; its days are those of the calls.</summary>
    public CallFilter Calls { get; init; } = new();

    /// <summary>Our id of the only call.</summary>
    public long? Call { get; init; }

    /// <summary>The reviewer's e-mail address.</summary>
    public string? Reviewer { get; init; }

    public int? Scorecard { get; init; }

    public int? Sample { get; init; }

    /// <summary>How the call came into the queue; null for any way, and for none.</summary>
    public ReviewSource? Source { get; init; }

    public bool? Defect { get; init; }

    /// <summary>The reviewer's label, or <see cref="CallFilter.NoLabel"/>.</summary>
    public string? ReviewLabel { get; init; }

    public static (ReviewFilter Filter, List<string> Errors) Parse(IEnumerable<KeyValuePair<string, StringValues>> query)
    {
        var pairs = query.ToList();
        var (calls, unread) = CallFilter.Parse(pairs);
        var errors = unread.ToList();
        string? Text(string name) => pairs.Find(pair => pair.Key.Equals(name, StringComparison.OrdinalIgnoreCase)).Value.ToString() is { Length: > 0 } text ? text : null;

        TValue? Value<TValue>(string name, Func<string, TValue?> read, string allowed)
            where TValue : struct
        {
            if (Text(name) is not { } text)
            {
                return null;
            }

            if (read(text) is not { } value)
            {
                errors.Add(T("{0}: '{1}' is not {2}.", name, text, allowed));
                return null;
            }

            return value;
        }

        int? Number(string name) => Value<int>(name, text => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null, T("a whole number"));

        return (new ReviewFilter
        {
            Calls = calls,
            Call = Value<long>("call", text => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : null, T("an id of a call")),
            Reviewer = Text("reviewer"),
            Scorecard = Number("scorecard"),
            Sample = Number("sample"),
            Source = Value<ReviewSource>(
                "source",
                text => Enum.TryParse<ReviewSource>(text, ignoreCase: true, out var word) && Enum.IsDefined(word) && !char.IsAsciiDigit(text[0]) ? word : null,
                T("one of {0}", string.Join(", ", Enum.GetNames<ReviewSource>()))),
            Defect = Value<bool>("defect", text => bool.TryParse(text, out var truth) ? truth : null, T("true or false")),
            ReviewLabel = Text("reviewLabel"),
        }, errors);
    }

    /// <summary>The reviews that fit, handed in, and visible to a reader.</summary>
    /// <param name="db">The store.</param>
    /// <param name="connections">All of them.</param>
    /// <param name="people">E-mail addresses by account id.</param>
    /// <param name="blindFor">Account that may yet have to judge some of the calls, and must not see what others said of those; null for a reader who reviews nothing.</param>
    public IQueryable<Review> Apply(DashboardDb db, IReadOnlyList<Connection> connections, IReadOnlyDictionary<string, string> people, string? blindFor)
    {
        var reviews = Visible(db, blindFor);
        if (Calls != new CallFilter())
        {
            var calls = Calls.Apply(db, connections).Select(call => call.Id);
            reviews = reviews.Where(review => calls.Contains(review.CallId));
        }

        reviews = Call is { } only ? reviews.Where(review => review.CallId == only) : reviews;
        if (Reviewer is { } reviewer)
        {
            var ids = people.Where(person => person.Value.Equals(reviewer, StringComparison.OrdinalIgnoreCase)).Select(person => person.Key).ToList();
            reviews = reviews.Where(review => ids.Contains(review.ReviewerId));
        }

        reviews = Scorecard is { } card ? reviews.Where(review => db.ScorecardVersions.Any(version => version.Id == review.VersionId && version.ScorecardId == card)) : reviews;
        reviews = Sample is { } sample ? reviews.Where(review => db.SampleCalls.Any(call => call.SampleId == sample && call.CallId == review.CallId)) : reviews;
        reviews = Source is { } source ? reviews.Where(review => db.ReviewItems.Any(item => item.ReviewId == review.Id && item.Source == source)) : reviews;
        reviews = Defect is { } defect ? reviews.Where(review => review.Defect == defect) : reviews;
        return ReviewLabel switch
        {
            null => reviews,
            CallFilter.NoLabel => reviews.Where(review => review.LabelVerdict != LabelVerdict.None && review.ReviewLabel == null),
            var label => reviews.Where(review => review.ReviewLabel == label),
        };
    }

    /// <summary>
    /// Reviews handed in. Whoever may still be the second of a pair sees nothing of the first until their own is in: a call with an open
    /// half is hidden from everybody who could take that half.
    /// </summary>
    public static IQueryable<Review> Visible(DashboardDb db, string? blindFor)
    {
        var reviews = db.Reviews.AsNoTracking().Where(review => review.SubmittedAt != null);
        return blindFor is null
            ? reviews
            : reviews.Where(review => review.ReviewerId == blindFor ||
                !db.ReviewItems.Any(item => item.CallId == review.CallId && (item.State == ReviewItemState.Open || item.State == ReviewItemState.Claimed)) ||
                db.Reviews.Any(mine => mine.CallId == review.CallId && mine.ReviewerId == blindFor && mine.SubmittedAt != null));
    }
}
