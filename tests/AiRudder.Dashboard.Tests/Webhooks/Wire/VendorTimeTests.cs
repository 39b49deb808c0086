using System.Globalization;
using AiRudder.Dashboard.Webhooks.Wire;

namespace AiRudder.Dashboard.Tests.Webhooks.Wire;

[Trait("Requirement", "P8")]
public sealed class VendorTimeTests
{
    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("   ")]
    [InlineData("0000-00-00 00:00:00")]
    [InlineData("0000-00-00")]
    [InlineData("0000-00-00T00:00:00Z")]
    [InlineData("0000-00-00 00:00:00.000")]
    [InlineData("-")]
    [InlineData("0")]
    public void Nothing_InAnySpelling_IsNoTime(string? text) => Assert.Null(VendorTime.Read(text, Zone("Asia/Jakarta")));

    [Theory]
    [InlineData("2026-01-21 11:00:07", "2026-01-21T04:00:07.000Z")]
    [InlineData(" 2026-01-21 11:00:07 ", "2026-01-21T04:00:07.000Z")]
    [InlineData("2026-01-21 11:00:07.25", "2026-01-21T04:00:07.250Z")]
    [InlineData("2026-01-21T11:00:07", "2026-01-21T04:00:07.000Z")]
    [InlineData("2026-01-21 11:00", "2026-01-21T04:00:00.000Z")]
    [InlineData("2026-01-21T11:00:07Z", "2026-01-21T11:00:07.000Z")]
    [InlineData("2026-01-21T11:00:07.123Z", "2026-01-21T11:00:07.123Z")]
    [InlineData("2026-01-21T11:00:07+08:00", "2026-01-21T03:00:07.000Z")]
    [InlineData("2026-01-21 11:00:07Z", "2026-01-21T11:00:07.000Z")]
    [InlineData("2026-01-21 11:00:07 +08:00", "2026-01-21T03:00:07.000Z")]
    [InlineData("2024-02-29 23:59:59", "2024-02-29T16:59:59.000Z")]
    public void Time_InAKnownForm_IsItsInstant(string text, string expected)
    {
        var time = VendorTime.Read(text, Zone("Asia/Jakarta"))!;

        Assert.Equal(expected, Utc(time));
        Assert.Equal(text, time.Text);
        Assert.False(time.Ambiguous);
    }

    [Theory]
    [InlineData("yesterday")]
    [InlineData("2026-02-30 11:00:07")]
    [InlineData("2026-01-21 24:00:00")]
    [InlineData("21/01/2026 11:00:07")]
    [InlineData("1768962005417")]
    [InlineData("0001-01-01 00:00:00")]
    [InlineData("0001-01-01T00:00:00Z")]
    [InlineData("9999-12-31 23:59:59")]
    [InlineData("9999-12-31T23:59:59-12:00")]
    public void Time_ThatIsNone_KeepsItsText(string text)
    {
        var time = VendorTime.Read(text, Zone("Asia/Jakarta"));

        Assert.Equal((text, (DateTimeOffset?)null), (time!.Text, time.Instant));
    }

    [Theory]
    [InlineData("America/Mexico_City", "2021-04-04 01:59:59", "2021-04-04T07:59:59.000Z", false)]
    [InlineData("America/Mexico_City", "2021-04-04 02:00:00", "2021-04-04T08:00:00.000Z", true)]
    [InlineData("America/Mexico_City", "2021-04-04 02:59:59", "2021-04-04T08:59:59.000Z", true)]
    [InlineData("America/Mexico_City", "2021-04-04 03:00:00", "2021-04-04T08:00:00.000Z", false)]
    [InlineData("America/Mexico_City", "2021-10-31 00:59:59", "2021-10-31T05:59:59.000Z", false)]
    [InlineData("America/Mexico_City", "2021-10-31 01:30:00", "2021-10-31T06:30:00.000Z", true)]
    [InlineData("America/Mexico_City", "2021-10-31 02:00:00", "2021-10-31T08:00:00.000Z", false)]
    [InlineData("America/Mexico_City", "2026-04-05 02:30:00", "2026-04-05T08:30:00.000Z", false)]
    [InlineData("America/Sao_Paulo", "2018-11-03 23:59:59", "2018-11-04T02:59:59.000Z", false)]
    [InlineData("America/Sao_Paulo", "2018-11-04 00:00:00", "2018-11-04T03:00:00.000Z", true)]
    [InlineData("America/Sao_Paulo", "2018-11-04 00:59:59", "2018-11-04T03:59:59.000Z", true)]
    [InlineData("America/Sao_Paulo", "2018-11-04 01:00:00", "2018-11-04T03:00:00.000Z", false)]
    [InlineData("America/Sao_Paulo", "2018-02-17 23:30:00", "2018-02-18T01:30:00.000Z", true)]
    [InlineData("America/Sao_Paulo", "2018-02-18 00:00:00", "2018-02-18T03:00:00.000Z", false)]
    public void Time_AroundAChangeOfTheClock_IsReadAndFlagged(string zone, string text, string expected, bool ambiguous)
    {
        var time = VendorTime.Read(text, Zone(zone))!;

        Assert.Equal((expected, ambiguous), (Utc(time), time.Ambiguous));
    }

    [Theory]
    [InlineData("00:00:00", 0.0)]
    [InlineData("00:01:13", 73.0)]
    [InlineData("25:00:01", 90001.0)]
    [InlineData("01:13", 73.0)]
    [InlineData("73", 73.0)]
    [InlineData("00:00:01.5", 1.5)]
    [InlineData(null, null)]
    [InlineData("", null)]
    [InlineData("-1", null)]
    [InlineData("1:-1", null)]
    [InlineData("a:b:c", null)]
    [InlineData("NaN", null)]
    [InlineData("99999999999:00:00", null)]
    [InlineData("::", null)]
    public void ReadOffset_IsSecondsOrNothing(string? text, double? expected) => Assert.Equal(expected, VendorTime.ReadOffset(text));

    [Fact]
    public void ReadOffset_OfDigitsWithoutEnd_IsNothing() => Assert.Null(VendorTime.ReadOffset(new string('9', 100_000)));

    private static TimeZoneInfo Zone(string id) => TimeZoneInfo.FindSystemTimeZoneById(id);

    private static string? Utc(VendorTime time)
    {
        Assert.Equal(TimeSpan.Zero, time.Instant!.Value.Offset);
        return time.Instant.Value.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
    }
}
