namespace AiRudder.Dashboard.Tests.Simulator;

/// <summary>A clock that stands still until it is moved.</summary>
internal sealed class SteppedTime(DateTimeOffset start) : TimeProvider
{
    private readonly Lock _lock = new();
    private readonly List<Alarm> _alarms = [];
    private DateTimeOffset _now = start;

    public override DateTimeOffset GetUtcNow()
    {
        lock (_lock)
        {
            return _now;
        }
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var alarm = new Alarm(this, callback, state);
        alarm.Change(dueTime, period);
        return alarm;
    }

    public bool Waits(TimeSpan left)
    {
        lock (_lock)
        {
            return _alarms.Exists(alarm => alarm.Due - _now == left);
        }
    }

    public void Advance(TimeSpan by)
    {
        List<Alarm> due;
        lock (_lock)
        {
            _now += by;
            due = _alarms.FindAll(alarm => alarm.Due <= _now);
            _alarms.RemoveAll(due.Contains);
        }

        due.ForEach(alarm => alarm.Ring());
    }

    /// <summary>Moves from alarm to alarm until the work is done.</summary>
    /// <remarks>
    /// Off xunit's synchronization context, so that whoever waits for an alarm goes on inside it: otherwise the next
    /// alarm could be rung before it has done its part.
    /// </remarks>
    public Task PlayAsync(Func<Task> work) => Task.Run(async () =>
    {
        var working = work();
        while (!working.IsCompleted)
        {
            Advance(Next() - GetUtcNow());
        }

        await working;
    });

    private DateTimeOffset Next()
    {
        lock (_lock)
        {
            return _alarms.Min(alarm => alarm.Due);
        }
    }

    private sealed class Alarm(SteppedTime time, TimerCallback callback, object? state) : ITimer
    {
        public DateTimeOffset Due { get; private set; }

        public void Ring() => callback(state);

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (time._lock)
            {
                time._alarms.Remove(this);
                if (dueTime != Timeout.InfiniteTimeSpan)
                {
                    Due = time._now + dueTime;
                    time._alarms.Add(this);
                }
            }

            return true;
        }

        public void Dispose()
        {
            lock (time._lock)
            {
                time._alarms.Remove(this);
            }
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
