using AiRudder.Simulator;

namespace AiRudder.Dashboard.Tests.Simulator;

public sealed class SimulatorCommandTests
{
    [Theory]
    [InlineData("--bogus", "--bogus")]
    [InlineData("--url", "--url needs a value")]
    [InlineData("--url nowhere", "not an http")]
    [InlineData("--url http://127.0.0.1/ --country XX", "--country")]
    [InlineData("--url http://127.0.0.1/ --zone Mars/Base", "--zone")]
    [InlineData("--url http://127.0.0.1/ --rate fast", "--rate")]
    [InlineData("--seed 4", "--url is missing")]
    public async Task WrongOptionsAreSaidInOneSentence(string arguments, string expected)
    {
        var (code, _, errors) = await RunAsync(arguments.Split(' '));

        Assert.Equal(2, code);
        Assert.Contains(expected, errors, StringComparison.Ordinal);
        Assert.Single(errors.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    [Fact]
    public async Task HelpNamesEveryOption()
    {
        var (code, output, _) = await RunAsync("--help");

        Assert.Equal(0, code);
        Assert.Contains("--retry-factor", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WhatIsDroppedIsTheExitCode()
    {
        await using var receiver = await Receiver.StartAsync(503);
        var (code, output, _) = await RunAsync("--url", receiver.Webhook.AbsoluteUri, "--batch", "7", "--retry-factor", "6000");

        Assert.Equal(1, code);
        Assert.Contains("posted 1 bodies, 7 calls, 0 answered 200, 5 retries, 1 dropped", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RecordsWithoutPosting()
    {
        var directory = Directory.CreateTempSubdirectory("bodies-");
        try
        {
            var (code, _, _) = await RunAsync("--record", directory.FullName, "--batch", "5", "--copies", "2");
            Assert.Equal(0, code);
            Assert.Single(directory.GetFiles());
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task SamplesArePostedByteForByte()
    {
        await using var receiver = await Receiver.StartAsync();
        var file = Path.GetTempFileName();
        try
        {
            byte[] bytes = [0xEF, 0xBB, 0xBF, 0, (byte)'{', 0xFF];
            await File.WriteAllBytesAsync(file, bytes);
            Assert.Equal(0, (await RunAsync("--url", receiver.Webhook.AbsoluteUri, "--sample", file)).Code);
            Assert.Equal(bytes, Assert.Single(receiver.Requests).Body);
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public async Task HostileBodiesAreAllPostedAndNamed()
    {
        await using var receiver = await Receiver.StartAsync();
        var (code, output, _) = await RunAsync("--url", receiver.Webhook.AbsoluteUri, "--hostile");

        var lines = output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(0, code);
        Assert.Equal(lines.Length, receiver.Requests.Count);
        Assert.All(lines, line => Assert.Contains("  200 OK", line, StringComparison.Ordinal));
        Assert.True(lines.Length > 60);
    }

    private static async Task<(int Code, string Output, string Errors)> RunAsync(params string[] arguments)
    {
        using var output = new StringWriter();
        using var errors = new StringWriter();
        var code = await SimulatorCommand.RunAsync(arguments, output, errors, TimeProvider.System, CancellationToken.None);
        return (code, output.ToString(), errors.ToString());
    }
}
