using System.Globalization;

namespace AiRudder.Simulator;

/// <summary>
/// All that a conversation depends on. It travels in the name of the recording, so the audio can be made again
/// at any time without having kept anything.
/// </summary>
/// <param name="Seed">Mixed from the run's seed, its start and the number of the call.</param>
/// <param name="Country">Place in <see cref="ScriptLibrary.Countries"/>.</param>
/// <param name="Robot">Place in <see cref="Country.Robots"/>.</param>
/// <param name="Minute">Local minutes since 2000: the robot greets by the hour and names dates.</param>
internal readonly record struct CallKey(ulong Seed, int Country, int Robot, int Minute)
{
    private static readonly DateTime Origin = new(2000, 1, 1);

    public DateTime Local => Origin.AddMinutes(Minute);

    public string FileName => string.Create(CultureInfo.InvariantCulture, $"{Seed:x16}_{Tail:x16}.wav");

    private ulong Payload => ((ulong)(byte)Country << 40) | ((ulong)(byte)Robot << 32) | (uint)Minute;

    private ulong Tail => (Payload << 16) | (Dice.Mix(Seed, Payload) & 0xFFFF);

    public static CallKey At(ulong seed, CallTask task, DateTime local) =>
        new(seed, task.CountryIndex, task.RobotIndex, (int)(local - Origin).TotalMinutes);

    public static bool TryParse(string fileName, out CallKey key)
    {
        key = default;
        if (fileName.Length != 37 || fileName[16] != '_' || !fileName.EndsWith(".wav", StringComparison.Ordinal)
            || !TryHex(fileName.AsSpan(0, 16), out var seed) || !TryHex(fileName.AsSpan(17, 16), out var tail))
        {
            return false;
        }

        key = new CallKey(seed, (byte)(tail >> 56), (byte)(tail >> 48), (int)(uint)(tail >> 16));
        return key.Tail == tail
            && key.Minute >= 0
            && key.Country < ScriptLibrary.Countries.Count
            && key.Robot < ScriptLibrary.Countries[key.Country].Robots.Count;
    }

    private static bool TryHex(ReadOnlySpan<char> text, out ulong value) =>
        ulong.TryParse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out value);
}
