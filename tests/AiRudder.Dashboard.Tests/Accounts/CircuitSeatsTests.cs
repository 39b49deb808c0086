using AiRudder.Dashboard.Accounts;
using Microsoft.Extensions.Configuration;

namespace AiRudder.Dashboard.Tests.Accounts;

public sealed class CircuitSeatsTests
{
    private static CircuitCount Count(string perPerson, string most) => new(AccountSettings.Read(
        new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?> { ["Circuits:PerPerson"] = perPerson, ["Circuits:Most"] = most }).Build()));

    [Fact]
    public void L7_Circuits_OfOnePerson_AreLimitedAndASeatIsFreeAgain()
    {
        var count = Count("2", "100");
        Assert.Null(count.Take("a"));
        Assert.Null(count.Take("a"));

        Assert.Contains("2 pages", count.Take("a"), StringComparison.Ordinal);
        Assert.Null(count.Take("b"));

        count.Leave("a");
        Assert.Null(count.Take("a"));
    }

    [Fact]
    public void L7_Circuits_OfANode_AreLimited()
    {
        var count = Count("5", "2");
        Assert.Null(count.Take("a"));
        Assert.Null(count.Take("b"));

        Assert.Contains("server", count.Take("c"), StringComparison.Ordinal);

        count.Leave("b");
        Assert.Null(count.Take("c"));
    }
}
