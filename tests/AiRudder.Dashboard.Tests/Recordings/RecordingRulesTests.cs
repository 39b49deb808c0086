using System.Net;
using System.Text;
using AiRudder.Dashboard.Recordings;
using Microsoft.Extensions.Configuration;

namespace AiRudder.Dashboard.Tests.Recordings;

public sealed class RecordingRulesTests
{
    [Theory]
    [InlineData("8.8.8.8", true)]
    [InlineData("2606:4700:4700::1111", true)]
    [InlineData("127.0.0.1", false)]
    [InlineData("10.1.2.3", false)]
    [InlineData("172.31.255.255", false)]
    [InlineData("192.168.1.1", false)]
    [InlineData("169.254.169.254", false)]
    [InlineData("100.64.0.1", false)]
    [InlineData("0.0.0.0", false)]
    [InlineData("255.255.255.255", false)]
    [InlineData("224.0.0.1", false)]
    [InlineData("::1", false)]
    [InlineData("::", false)]
    [InlineData("fe80::1", false)]
    [InlineData("fd00::1", false)]
    [InlineData("::ffff:10.0.0.1", false)]
    [InlineData("::ffff:8.8.8.8", true)]
    [InlineData("64:ff9b::a00:1", false)]
    [InlineData("2002:a00:1::", false)]
    [InlineData("2001:db8::1", false)]
    public void S7_IsPublic_KnowsTheOpenInternet(string address, bool isPublic) => Assert.Equal(isPublic, RecordingAddress.IsPublic(IPAddress.Parse(address)));

    [Fact]
    public void S7_Sniff_KnowsAudioByItsBytes()
    {
        Assert.Equal(AudioKind.Wav, AudioKind.Sniff("RIFF\x10\0\0\0WAVEfmt "u8));
        Assert.Equal(AudioKind.Ogg, AudioKind.Sniff("OggS\0\x02"u8));
        Assert.Equal(AudioKind.Mp3, AudioKind.Sniff("ID3\x04\0\0\0\0\x10\0"u8));
        Assert.Equal(AudioKind.Mp3, AudioKind.Sniff([0xff, 0xfb, 0x90, 0x64]));
        Assert.Equal(AudioKind.Mp3, AudioKind.Sniff([0xff, 0xf3, 0x48, 0xc4]));
        Assert.Null(AudioKind.Sniff("<html>"u8));
        Assert.Null(AudioKind.Sniff("RIFF\x10\0\0\0AVI LIST"u8));
        Assert.Null(AudioKind.Sniff([0xff, 0xfe, 0x3c, 0]));
        Assert.Null(AudioKind.Sniff([]));
    }

    [Theory]
    [InlineData("Recordings:AllowedHosts:0", "https://api.airudder.com")]
    [InlineData("Recordings:AllowedHosts:0", "api.airudder.com/path")]
    [InlineData("Recordings:AllowedHosts:0", "api.airudder.com:8443")]
    [InlineData("Recordings:AllowedHosts:0", "*.airudder.com")]
    [InlineData("Recordings:AllowedHosts:0", "")]
    [InlineData("Recordings:MaxBytes", "0")]
    [InlineData("Recordings:FirstByteTimeout", "soon")]
    [InlineData("Recordings:TotalTimeout", "-00:00:01")]
    [InlineData("Recordings:AllowInsecureDevelopmentHosts", "maybe")]
    public void Problems_UnusableSetting_IsNamedInASentence(string name, string value)
    {
        var problem = Assert.Single(RecordingOptions.Problems(Configuration((name, value))));

        Assert.StartsWith(name.Replace(":0", "", StringComparison.Ordinal), problem, StringComparison.Ordinal);
    }

    [Fact]
    public void Problems_Defaults_AreFine()
    {
        Assert.Empty(RecordingOptions.Problems(Configuration()));
        Assert.Equal(["api.airudder.com"], RecordingOptions.Read(Configuration()).AllowedHosts);
    }

    [Fact]
    public void Read_ListOfHosts_TakesThePlaceOfTheDefault() =>
        Assert.Equal(["one.example"], RecordingOptions.Read(Configuration(("Recordings:AllowedHosts:0", "one.example"))).AllowedHosts);

    private static IConfiguration Configuration(params (string Name, string Value)[] settings) =>
        new ConfigurationBuilder().AddInMemoryCollection(settings.Select(pair => KeyValuePair.Create(pair.Name, (string?)pair.Value))).Build();
}
