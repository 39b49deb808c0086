using System.Globalization;

namespace AiRudder.Dashboard.Benchmarks.Store;

/// <param name="IsShort">Fewer calls, fewer repetitions.</param>
/// <param name="Calls">Calls of the store.</param>
/// <param name="Folder">A filled data directory; null to fill one and throw it away.</param>
/// <param name="Smaller">One with a fifth of the calls, likewise.</param>
internal sealed record FiguresOptions(bool IsShort, int Calls, string? Folder, string? Smaller)
{
    /// <summary>Null when the arguments are not understood.</summary>
    public static FiguresOptions? Read(ReadOnlySpan<string> arguments)
    {
        var options = new FiguresOptions(false, 1_000_000, null, null);
        for (var i = 0; i < arguments.Length; i++)
        {
            var value = i + 1 < arguments.Length ? arguments[i + 1] : null;
            switch (arguments[i])
            {
                case "--short":
                    options = options with { IsShort = true, Calls = 100_000 };
                    continue;
                case "--calls" when int.TryParse(value, NumberStyles.AllowThousands, CultureInfo.InvariantCulture, out var calls) && calls >= 50_000:
                    options = options with { Calls = calls };
                    break;
                case "--folder" when value is not null:
                    options = options with { Folder = Path.GetFullPath(value) };
                    break;
                case "--smaller" when value is not null:
                    options = options with { Smaller = Path.GetFullPath(value) };
                    break;
                default:
                    return null;
            }

            i++;
        }

        return options;
    }
}
