using AiRudder.Dashboard.Accounts;
using Microsoft.Extensions.Configuration;

namespace AiRudder.Dashboard.Tests.Accounts;

public sealed class AccountSettingsTests
{
    private readonly Dictionary<string, string?> settings = new()
    {
        ["FirstAdministrator:Email"] = "ada@example.com",
        ["FirstAdministrator:Password"] = "four quiet green lamps",
        ["ApiTokens:0:Name"] = "report",
        ["ApiTokens:0:Token"] = "0123456789abcdef0123456789abcdef",
        ["ApiTokens:0:Role"] = "Supervisor",
        ["Sessions:Idle"] = "00:10:00",
        ["SignIn:AttemptsPerMinute"] = "5",
    };

    [Fact]
    public void Problems_ValidSettings_None() => Assert.Empty(AccountSettings.Problems(Configuration()));

    [Fact]
    public void Problems_NoSettings_None()
    {
        settings.Clear();
        Assert.Empty(AccountSettings.Problems(Configuration()));
    }

    [Theory]
    [InlineData("FirstAdministrator:Email", "", "FirstAdministrator:Email and FirstAdministrator:Password belong together: set both, or neither to be given a one-time link.")]
    [InlineData("FirstAdministrator:Email", "ada", "FirstAdministrator:Email is not an e-mail address: write it like name@example.com.")]
    [InlineData("FirstAdministrator:Password", "short", "FirstAdministrator:Password cannot be used: it is shorter than 12 characters.")]
    [InlineData("FirstAdministrator:Password", "Password1234!", "FirstAdministrator:Password cannot be used: it is one of the passwords that are tried first.")]
    [InlineData("ApiTokens:0:Name", "", "ApiTokens:0:Name is missing: every API token needs a name, so that it can be told apart.")]
    [InlineData("ApiTokens:0:Token", "secret", "ApiTokens:0:Token is too short: at least 16 random characters are needed.")]
    [InlineData("ApiTokens:0:Role", "Boss", "ApiTokens:0:Role is not a role: use one of Supervisor, Qa, Administrator.")]
    [InlineData("ApiTokens:0:Role", "0", "ApiTokens:0:Role is not a role: use one of Supervisor, Qa, Administrator.")]
    [InlineData("Sessions:Idle", "soon", "Sessions:Idle is not a duration of at least one minute: write it like 00:30:00.")]
    [InlineData("SignIn:AttemptsPerMinute", "-1", "SignIn:AttemptsPerMinute is not a whole number of at least 1.")]
    public void Problems_OneThingWrong_SaysWhichAndWhatIsAllowed(string key, string value, string sentence)
    {
        settings[key] = value;
        Assert.Equal([sentence], AccountSettings.Problems(Configuration()));
    }

    [Fact]
    public void Problems_SameTokenTwice_Refused()
    {
        settings["ApiTokens:1:Name"] = "other";
        settings["ApiTokens:1:Token"] = settings["ApiTokens:0:Token"];
        settings["ApiTokens:1:Role"] = "Qa";
        Assert.Equal(["ApiTokens:1:Token is the same as another entry's: each API token needs a value of its own."], AccountSettings.Problems(Configuration()));
    }

    [Theory]
    [InlineData("correct horse battery stapler", true)]
    [InlineData("ааааббббвввв", false)] // three letters repeated, in any script
    [InlineData("qwertyuiop12", false)]
    [InlineData("QWERTYUIOP12!!", false)]
    [InlineData("我们的密码是很长的一句话", true)]
    public void PasswordRules_Password_RefusedWhenCommon(string password, bool fine) =>
        Assert.Equal(fine, !PasswordRules.Problems(password, "ada@example.com").Any());

    [Fact]
    public void PasswordRules_SixtyFourCharactersAndMore_Fine() =>
        Assert.Empty(PasswordRules.Problems(string.Concat(Enumerable.Repeat("abcdefgh", 20)), null));

    private IConfiguration Configuration() => new ConfigurationBuilder().AddInMemoryCollection(settings).Build();
}
