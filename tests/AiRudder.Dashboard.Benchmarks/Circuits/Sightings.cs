using System.Diagnostics;

namespace AiRudder.Dashboard.Benchmarks.Circuits;

/// <summary>When posted calls reach open pages: a batch of a floor holds the masked number of every row that is new on it.</summary>
internal sealed class Sightings : IDisposable
{
    private readonly List<Circuit> pages;
    private readonly long[][] due;
    private readonly List<double>[] taken;

    public Sightings(List<Circuit> pages)
    {
        this.pages = pages;
        due = [.. pages.Select(_ => new long[NumberedCalls.Distinct])];
        taken = [.. pages.Select(_ => new List<double>())];
        for (var i = 0; i < pages.Count; i++)
        {
            var page = i;
            pages[i].Arrived = batch => Look(page, batch);
        }
    }

    /// <summary>Rows that never came, of all pages.</summary>
    public int Missing { get; private set; }

    /// <summary>A call with this number is posted now.</summary>
    public void Sent(int number)
    {
        var now = Stopwatch.GetTimestamp();
        foreach (var page in due)
        {
            Missing += Interlocked.Exchange(ref page[number], now) == 0 ? 0 : 1;
        }
    }

    /// <summary>Milliseconds from post to page, of every call on every page; what has not come by now is missing.</summary>
    public List<double> End()
    {
        Dispose();
        Missing += due.Sum(page => page.Count(at => at != 0));
        List<double> all = [];
        foreach (var page in taken)
        {
            // A batch may still be looked at.
            lock (page)
            {
                all.AddRange(page);
            }
        }

        all.Sort();
        return all;
    }

    public void Dispose()
    {
        foreach (var page in pages)
        {
            page.Arrived = null;
        }
    }

    private void Look(int page, byte[] batch)
    {
        var now = Stopwatch.GetTimestamp();
        var rest = batch.AsSpan();
        while (rest.IndexOf(NumberedCalls.Masked) is >= 0 and var at && rest.Length >= at + NumberedCalls.Masked.Length + 3)
        {
            var digits = rest.Slice(at + NumberedCalls.Masked.Length, 3);
            rest = rest[(at + NumberedCalls.Masked.Length)..];
            if (int.TryParse(digits, out var number) && Interlocked.Exchange(ref due[page][number], 0) is > 0 and var sent)
            {
                lock (taken[page])
                {
                    taken[page].Add(Stopwatch.GetElapsedTime(sent, now).TotalMilliseconds);
                }
            }
        }
    }
}
