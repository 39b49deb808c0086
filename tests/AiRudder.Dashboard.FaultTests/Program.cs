using System.Diagnostics;
using System.Globalization;
using AiRudder.Dashboard.FaultTests;
using AiRudder.Dashboard.FaultTests.Faults;
using AiRudder.Dashboard.FaultTests.Rig;

if (FakeReceiver.IsWanted)
{
    await FakeReceiver.RunAsync(args);
    return 0;
}

IReadOnlyList<Fault> faults =
[
    new KillFault(), new ControlFault(), new FailingSyncFault(), new SlowSyncFault(), new DiskFullFault(), new CopiesFault(), new HostileFault(),
    new LargeFault(), new SlowFault(), new RestartFault(), new PowerFault(), new LockedFault(), new ClockFault(), new IdentitiesFault(), new SchemaFault(), new BackupFault(),
];
var names = args.Where(arg => !arg.StartsWith('-')).ToList();
if (names is ["list"])
{
    foreach (var fault in faults)
    {
        Console.WriteLine($"{fault.Name,-14}{fault.Proves}");
    }

    return 0;
}

var unknown = names.Except(faults.Select(fault => fault.Name)).Except(["all"]).ToList();
if (names.Count == 0 || unknown.Count > 0)
{
    Console.Error.WriteLine($"Name the faults to play, or all, or list; add --short for the quick form. Known: {string.Join(", ", faults.Select(fault => fault.Name))}.");
    return 2;
}

var bad = false;
Console.WriteLine("name          | attempted | acknowledged | present | lost | doubled | unexpected | verdict | seconds");
foreach (var fault in faults.Where(fault => names.Contains("all") || names.Contains(fault.Name)))
{
    var verdict = new Verdict();
    var scratch = Directory.CreateTempSubdirectory($"fault-{fault.Name}-").FullName;
    var started = Stopwatch.GetTimestamp();
    try
    {
        await fault.PlayAsync(scratch, args.Contains("--short"), verdict);
    }
    catch (Exception error)
    {
        verdict.Wrong($"not played to the end: {error.GetType().Name}: {error.Message}");
    }

    bad |= !verdict.IsGood;
    Console.WriteLine(string.Create(
        CultureInfo.InvariantCulture,
        $"{fault.Name,-13} | {verdict.Attempted,9} | {verdict.Acknowledged,12} | {verdict.Present,7} | {verdict.Lost,4} | {verdict.Doubled,7} | {verdict.Unexpected,10} | {verdict.Word,-7} | {Stopwatch.GetElapsedTime(started).TotalSeconds,7:0.0}"));
    foreach (var note in verdict.Notes)
    {
        Console.WriteLine($"    {note}");
    }

    if (verdict.SkippedBecause is { } reason)
    {
        Console.WriteLine($"    skipped: {reason}");
    }

    if (verdict.IsGood)
    {
        Directory.Delete(scratch, recursive: true);
    }
    else
    {
        Console.WriteLine($"    left for a look: {scratch}");
    }
}

return bad ? 1 : 0;
