using AiRudder.Dashboard.Calls;

namespace AiRudder.Dashboard.Tests.Calls;

public sealed class LastSentenceTests
{
    private static readonly KeyValuePair<string, string>[] Uploaded = [new("cust_name", "Budi Santoso"), new("due_date", "2026-03-20"), new("sex", "P")];

    [Theory]
    [InlineData("Selamat pagi, Bapak Budi Santoso.", "Selamat pagi, Bapak ….")]
    [InlineData("Baik Pak budi, terima kasih.", "Baik Pak …, terima kasih.")]
    [InlineData("Tagihan Rp 1.250.000 jatuh tempo 2026-03-20.", "Tagihan Rp # jatuh tempo ….")]
    [InlineData("Hubungi  +62 812-3456-789\n ya", "Hubungi +# # ya")]
    public void Of_SameLineOfTheScript_IsTheSameText(string said, string sentence) => Assert.Equal(sentence, LastSentence.Of(["halo", said, " ", null], Uploaded));

    [Fact]
    public void Of_RobotSaidNothing_IsNull() => Assert.Null(LastSentence.Of([null, " "], Uploaded));

    [Fact]
    public void Of_LongSentence_IsCutBetweenSigns()
    {
        var said = new string('a', LastSentence.Length - 1) + "😀";

        Assert.Equal(LastSentence.Length - 1, LastSentence.Of([said], [])!.Length);
    }
}
