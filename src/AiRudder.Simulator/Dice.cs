namespace AiRudder.Simulator;

/// <summary>
/// Random numbers that are the same on every machine and with every version of .NET, which
/// <see cref="Random"/> does not promise. SplitMix64.
/// </summary>
internal sealed class Dice(ulong key)
{
    private ulong _state = key;

    public static ulong Mix(ulong a, ulong b) => new Dice(a ^ (b * 0xD6E8FEB86659FD93UL)).Next();

    public ulong Next()
    {
        _state += 0x9E3779B97F4A7C15UL;
        var z = _state;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9UL;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EBUL;
        return z ^ (z >> 31);
    }

    /// <summary>At least 0, below 1.</summary>
    public double Unit() => (Next() >> 11) * (1.0 / (1UL << 53));

    public double Between(double low, double high) => low + ((high - low) * Unit());

    /// <summary>Both ends included.</summary>
    public int Between(int low, int high) => low + (int)(Next() % (ulong)(high - low + 1));

    public bool Chance(double share) => Unit() < share;

    public T Pick<T>(IReadOnlyList<T> items) => items[(int)(Next() % (ulong)items.Count)];

    public T Pick<T>(IReadOnlyList<T> items, Func<T, int> weight)
    {
        var left = (int)(Next() % (ulong)items.Sum(weight));
        foreach (var item in items)
        {
            left -= weight(item);
            if (left < 0)
            {
                return item;
            }
        }

        return items[^1];
    }

    /// <summary>The pause before the next event of a Poisson stream.</summary>
    public TimeSpan Gap(double perMinute) => TimeSpan.FromMinutes(-Math.Log(1 - Unit()) / perMinute);

    /// <summary>32 hexadecimal digits, the vendor's form of an id.</summary>
    public string Id() => $"{Next():x16}{Next():x16}";
}
