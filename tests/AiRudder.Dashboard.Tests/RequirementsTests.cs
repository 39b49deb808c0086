using System.Reflection;
using System.Text.RegularExpressions;

namespace AiRudder.Dashboard.Tests;

/// <summary>Each requirement has a test whose name begins with its number, or a fault that is played to prove it.</summary>
public sealed partial class RequirementsTests
{
    private static readonly string[] Required =
    [
        .. Enumerable.Range(1, 11).Select(number => $"D{number}"), "L1", "L2", "L3", "L4", "L5", "L8", "L9", "L10", "T1", "T2", "T3", "T4",
    ];

    [Fact]
    public void T5_Requirement_HasATestNamedAfterIt()
    {
        var proved = Tests().Concat(Faults()).ToHashSet();

        Assert.DoesNotContain(Required, requirement => !proved.Contains(requirement));
    }

    private static IEnumerable<string> Tests() =>
        from type in typeof(RequirementsTests).Assembly.GetTypes()
        from method in type.GetMethods()
        where method.IsDefined(typeof(FactAttribute))
        let name = Number().Match(method.Name)
        where name.Success
        select name.Groups["id"].Value;

    private static IEnumerable<string> Faults()
    {
        var faults = Assembly.Load("AiRudder.Dashboard.FaultTests");
        var kind = faults.GetType("AiRudder.Dashboard.FaultTests.Fault", throwOnError: true)!;
        var played = faults.GetTypes().Where(type => type.IsSubclassOf(kind) && !type.IsAbstract).ToList();
        Assert.NotEmpty(played);
        return played.SelectMany(type => ((string)kind.GetProperty("Proves")!.GetValue(Activator.CreateInstance(type, nonPublic: true))!).Split(", "));
    }

    [GeneratedRegex("^(?<id>[DLT][0-9]+)_")]
    private static partial Regex Number();
}
