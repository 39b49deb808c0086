using System.Globalization;
using System.Text;

namespace AiRudder.Simulator;

/// <summary>A robot dialling one list within one day; what the envelope of a body says.</summary>
internal sealed class CallTask
{
    private readonly int _firstNumber;

    private CallTask(ulong seed, int country, int robot, DateTime start, DateTime end, int session)
    {
        (CountryIndex, RobotIndex, Start, End) = (country, robot, start, end);
        var dice = new Dice(Dice.Mix(Dice.Mix(seed, (ulong)start.Ticks), (ulong)((country << 8) | robot)));
        Id = dice.Id();
        Created = start.AddMinutes(-dice.Between(10, 90)).AddSeconds(-dice.Between(0, 59));
        RepeatInterval = dice.Pick([10, 20, 30]);
        RepeatNumber = dice.Between(1, 3);
        _firstNumber = dice.Between(0, 99_999);
        Name = string.Create(CultureInfo.InvariantCulture, $"{Robot.Task}_{start:MMdd}_{Country.Sessions[session]}");
    }

    public int CountryIndex { get; }

    public int RobotIndex { get; }

    public Country Country => ScriptLibrary.Countries[CountryIndex];

    public Robot Robot => Country.Robots[RobotIndex];

    public string Id { get; }

    public string Name { get; }

    public DateTime Created { get; }

    public DateTime Start { get; }

    public DateTime End { get; }

    /// <summary>Minutes (the vendor does not write the unit).</summary>
    public int RepeatInterval { get; }

    public int RepeatNumber { get; }

    /// <summary>The tasks that run at a local time; by night all of them, so that live traffic never dries up.</summary>
    public static IReadOnlyList<CallTask> RunningAt(DateTime local, int seed, IReadOnlyList<int> countries)
    {
        var tasks = new List<CallTask>();
        foreach (var country in countries)
        {
            for (var robot = 0; robot < ScriptLibrary.Countries[country].Robots.Count; robot++)
            {
                var (from, to, session) = Window(local, robot);
                if (local.Hour >= from && local.Hour < to)
                {
                    tasks.Add(new CallTask((ulong)seed, country, robot, local.Date.AddHours(from), local.Date.AddHours(to), session));
                }
            }
        }

        return tasks;
    }

    /// <summary>The number on a row of the list; no two rows of fewer than 100,000 share one.</summary>
    public string Callee(int row)
    {
        var digits = ((_firstNumber + (row * 7919L)) % 100_000).ToString("00000", CultureInfo.InvariantCulture);
        return Country.Phone.Replace("#####", digits, StringComparison.Ordinal);
    }

    /// <summary>A line shows several numbers.</summary>
    public string Caller(Dice dice)
    {
        var number = new StringBuilder(Robot.Caller);
        for (var at = 0; at < number.Length; at++)
        {
            if (number[at] == '#')
            {
                number[at] = (char)('0' + dice.Between(0, 4));
            }
        }

        return number.ToString();
    }

    private static (int From, int To, int Session) Window(DateTime local, int robot) => local.Hour switch
    {
        < 8 => (0, 8, 3),
        >= 20 => (20, 24, 3),
        _ => ((local.DayOfYear + robot) % 3) switch
        {
            0 => (8, 13, 0),
            1 => (13, 20, 1),
            _ => (8, 20, 2),
        },
    };
}
