using AiRudder.Dashboard.Calls;

namespace AiRudder.Dashboard.Tests.Calls;

public sealed class IdentityTests
{
    [Theory]
    [InlineData("abc", "ABC")]
    [InlineData("abc", "abc ")]
    [InlineData("\u00e9", "e\u0301")]
    [InlineData("1", "\uff11")]
    [InlineData("a\0b", "a\0c")]
    public void D6_OfCallId_TextThatOnlyLooksAlike_Differs(string one, string other) =>
        Assert.NotEqual(Identity.OfCallId(one), Identity.OfCallId(other));

    [Fact]
    public void OfCallId_LoneSurrogates_Differ() => // not a theory: attributes keep their text as UTF-8
        Assert.NotEqual(Identity.OfCallId("\ud800"), Identity.OfCallId("\ud801"));

    [Fact]
    public void OfNumber_SamePartsCutElsewhere_Differs() =>
        Assert.NotEqual(Identity.OfNumber("ab", "c", "1"), Identity.OfNumber("a", "bc", "1"));

    [Fact]
    public void OfCallId_SameText_IsSame() => Assert.Equal(Identity.OfCallId("callid1"), Identity.OfCallId("callid1"));
}
