using AiRudder.Dashboard.Exports;

namespace AiRudder.Dashboard.Calls;

/// <summary>The calls that are marked in a list; they stay marked while one turns its pages.</summary>
public sealed class CallMarks
{
    private readonly HashSet<long> ids = [];
    private long? last;

    public IReadOnlyCollection<long> Ids => ids;

    /// <summary>Marks or unmarks one call. With <paramref name="range"/>, all from the one before to it become like it.</summary>
    /// <param name="shown">The calls on the page, in order.</param>
    /// <param name="id">The one clicked.</param>
    /// <param name="range">Shift was held.</param>
    public void Toggle(IReadOnlyList<long> shown, long id, bool range)
    {
        var mark = !ids.Contains(id);
        var (from, to) = (range && last is { } before ? shown.ToList().IndexOf(before) : -1, shown.ToList().IndexOf(id));
        foreach (var one in from >= 0 && to >= 0 ? shown.Skip(Math.Min(from, to)).Take(Math.Abs(from - to) + 1) : [id])
        {
            Set(one, mark);
        }

        last = id;
    }

    public void SetAll(IReadOnlyList<long> shown, bool mark)
    {
        foreach (var id in shown)
        {
            Set(id, mark);
        }
    }

    public void Clear()
    {
        ids.Clear();
        last = null;
    }

    private void Set(long id, bool mark)
    {
        if (!mark)
        {
            ids.Remove(id);
        }
        else if (ids.Count < ExportJob.MostIds)
        {
            ids.Add(id);
        }
    }
}
