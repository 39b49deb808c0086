namespace AiRudder.Simulator;

/// <param name="Seed">Everything about the call follows from it.</param>
/// <param name="At">Local: the end of an answered call, the start of an unanswered one.</param>
internal readonly record struct PlannedCall(ulong Seed, int Row, bool Answered, DateTime At);

/// <summary>One body to be.</summary>
/// <param name="At">When it is sent, local.</param>
internal sealed record Delivery(CallTask Task, DateTime At, IReadOnlyList<PlannedCall> Calls)
{
    public byte[] Body(CallGenerator generator) => BodyWriter.Write(Task, At, Calls.Select(call => call.Answered
        ? generator.Answered(Task, call.Seed, call.Row, call.At)
        : CallGenerator.Unanswered(Task, call.Seed, call.Row, call.At)));

    public bool IsRepeated(double share) => new Dice(Dice.Mix(Calls[0].Seed, 5)).Chance(share);

    /// <summary>Numbers of a round that nobody answered, dialled one after the other up to <paramref name="at"/>.</summary>
    public static Delivery Round(CallTask task, DateTime at, ulong seed, int firstRow, int numbers)
    {
        var dice = new Dice(seed);
        var calls = new PlannedCall[numbers];
        for (var i = 0; i < numbers; i++)
        {
            var before = TimeSpan.FromSeconds(50 + (90.0 * (numbers - i) / numbers));
            calls[i] = new PlannedCall(dice.Next(), firstRow + i, Answered: false, WholeSecond(at - before));
        }

        return new Delivery(task, at, calls);
    }

    public static DateTime WholeSecond(DateTime time) => time.AddTicks(-(time.Ticks % TimeSpan.TicksPerSecond));
}
