using System.Collections.Concurrent;
using System.Globalization;

namespace AiRudder.Dashboard.FaultTests.Rig;

/// <summary>What the sender was told. A line is appended for every acknowledged body and nothing is ever taken back.</summary>
internal sealed class Ledger : IDisposable
{
    private readonly StreamWriter file;
    private readonly ConcurrentDictionary<string, SentBody> attempted = new();
    private readonly ConcurrentDictionary<string, string> acknowledged = new();
    private readonly ConcurrentBag<string> complaints = [];
    private long slowestMilliseconds;
    private int unavailable;

    public Ledger(string folder) => file = new StreamWriter(Path.Combine(folder, $"ledger-{Guid.NewGuid():N}.txt"), append: true) { AutoFlush = true };

    public int Attempted => attempted.Count;

    /// <summary>Answers of 503.</summary>
    public int Unavailable => unavailable;

    /// <summary>The longest that any answer took.</summary>
    public TimeSpan Slowest => TimeSpan.FromMilliseconds(Interlocked.Read(ref slowestMilliseconds));

    /// <summary>Delivery ids by SHA-256 of the body.</summary>
    public IReadOnlyDictionary<string, string> Acknowledged => acknowledged;

    public IEnumerable<SentBody> Bodies => attempted.Values;

    /// <summary>Answers that no fault excuses.</summary>
    public IReadOnlyCollection<string> Complaints => complaints;

    public IEnumerable<SentBody> Unacknowledged => attempted.Values.Where(body => !acknowledged.ContainsKey(body.Sha256));

    public void Try(SentBody body) => attempted.TryAdd(body.Sha256, body);

    public void Acknowledge(SentBody body, string deliveryId)
    {
        lock (file)
        {
            file.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{body.Sha256} {body.Bytes.Length} {deliveryId}"));
        }

        if (acknowledged.GetOrAdd(body.Sha256, deliveryId) != deliveryId)
        {
            Complain($"the same body was acknowledged under two ids, {acknowledged[body.Sha256]} and {deliveryId}");
        }
    }

    public void Refuse() => Interlocked.Increment(ref unavailable);

    public void Complain(string about) => complaints.Add(about);

    public void Took(TimeSpan time)
    {
        var milliseconds = (long)time.TotalMilliseconds;
        long known;
        while (milliseconds > (known = Interlocked.Read(ref slowestMilliseconds)) &&
               Interlocked.CompareExchange(ref slowestMilliseconds, milliseconds, known) != known)
        {
        }
    }

    public void Dispose() => file.Dispose();
}
