using System.Buffers.Binary;
using System.Text.Json;
using AiRudder.Dashboard.Recordings;
using Microsoft.EntityFrameworkCore;

namespace AiRudder.Dashboard.Tests.Recordings;

/// <summary>A test that needs ffmpeg; shown as skipped with the reason where there is none.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class FfmpegFactAttribute : FactAttribute
{
    public FfmpegFactAttribute() => Skip = new SoundDecoder(Microsoft.Extensions.Options.Options.Create(new RecordingOptions())).IsHere ? null : "no ffmpeg on this machine (Debian: apt-get install ffmpeg)";
}

public sealed class WaveformTests
{
    private const float Noise = -70;
    private const float Voice = -20;

    [Fact]
    public void Silences_PauseBetweenVoices_IsFound() => Assert.Equal([(2.0, 4.0)], Find(Slices(2, Voice), Slices(2, Noise), Slices(2, Voice)));

    [Fact]
    public void Silences_PauseShorterThanTheShortest_BelongsToTheTalk() => Assert.Empty(Find(Slices(2, Voice), Slices(0.65, Noise), Slices(2, Voice)));

    [Fact]
    public void Silences_AtBothEnds_AreFound() => Assert.Equal([(0.0, 1.0), (3.0, 4.0)], Find(Slices(1, Noise), Slices(2, Voice), Slices(1, Noise)));

    [Fact]
    public void Silences_AClick_DoesNotBreakThePause() => Assert.Equal([(2.0, 4.05)], Find(Slices(2, Voice), Slices(1, Noise), Slices(0.05, Voice), Slices(1, Noise), Slices(2, Voice)));

    [Fact]
    public void Silences_LoudLine_IsMeasuredAgainstItself() => Assert.Equal([(2.0, 4.0)], Find(Slices(2, -15), Slices(2, -38), Slices(2, -15)));

    [Fact]
    public void Silences_NothingThatTellsThemApart_AreNotGuessed() => Assert.Empty(Find(Slices(3, -30), Slices(3, -33)));

    [Fact]
    public void Silences_NobodyEverSpeaks_IsOnePause() => Assert.Equal([(0.0, 5.0)], Find(Slices(5, -80)));

    [Fact]
    public void OfBrowser_RightShape_IsKeptAndItsPausesFound()
    {
        byte[] drawing = [.. Enumerable.Repeat((byte)200, 120), .. Enumerable.Repeat((byte)160, 40), .. Enumerable.Repeat((byte)40, 40), .. Enumerable.Repeat((byte)160, 40)];

        var waveform = Waveform.OfBrowser(7, 6, 1, drawing)!;

        Assert.Equal((7L, 6.0, 1, 120, true), (waveform.CallId, waveform.Seconds, waveform.Channels, waveform.Peaks.Length, waveform.ByBrowser));
        Assert.Equal("[[2,4]]", waveform.SilencesJson);
    }

    [Theory]
    [InlineData(6, 1, 239)]
    [InlineData(6, 1, 241)]
    [InlineData(6, 2, 240)]
    [InlineData(6, 3, 480)]
    [InlineData(6, 0, 120)]
    [InlineData(0, 1, 0)]
    [InlineData(-1, 1, 0)]
    [InlineData(double.NaN, 1, 0)]
    [InlineData(double.PositiveInfinity, 1, 0)]
    [InlineData(20_000, 1, 800_000)]
    public void OfBrowser_WrongShape_IsRefused(double seconds, int channels, int length) => Assert.Null(Waveform.OfBrowser(7, seconds, channels, new byte[length]));

    [FfmpegFact]
    public async Task Kept_WithFfmpeg_IsDrawnWithBothSidesAndItsPause()
    {
        await using var bench = await RecordingBench.StartAsync();
        var wav = Wav(channels: 2, (1, 0.5, 0), (2, 0.001, 0.001), (1, 0, 0.5));
        bench.Vendor.Instead = http => Microsoft.AspNetCore.Http.Results.Bytes(wav, "audio/wav").ExecuteAsync(http);
        var id = await bench.KeptAsync();

        Assert.True(await bench.Get<WaveformStore>().DrawNextAsync(default));

        await using var db = bench.Store.Contexts.CreateDbContext();
        var waveform = await db.Waveforms.SingleAsync(row => row.CallId == id);
        Assert.Equal((2, 160), (waveform.Channels, waveform.Peaks.Length));
        Assert.InRange(waveform.Seconds, 3.95, 4.05);
        Assert.InRange(waveform.Peaks[10], 120, 136);
        Assert.InRange(waveform.Peaks[30], 0, 2);
        Assert.InRange(waveform.Peaks[80 + 10], 0, 2);
        Assert.InRange(waveform.Peaks[80 + 70], 120, 136);
        var pause = Assert.Single(JsonSerializer.Deserialize<double[][]>(waveform.SilencesJson)!);
        Assert.InRange(pause[0], 0.95, 1.1);
        Assert.InRange(pause[1], 2.9, 3.05);
        Assert.Equal(waveform.Seconds, (await bench.RowAsync(id)).Seconds);
        Assert.False(await bench.Get<WaveformStore>().DrawNextAsync(default));
    }

    [FfmpegFact]
    public async Task Kept_WhatCannotBeDecoded_IsLeftToTheBrowsers()
    {
        await using var bench = await RecordingBench.StartAsync();
        await bench.KeptAsync();
        var store = bench.Get<WaveformStore>();

        while (await store.DrawNextAsync(default))
        {
        }

        await using var db = bench.Store.Contexts.CreateDbContext();
        Assert.Empty(await db.Waveforms.ToListAsync());
        Assert.Equal(2, (await db.Recordings.SingleAsync()).DrawAttempts);
    }

    [Fact]
    public async Task FfmpegSwitchedOff_NothingIsTried()
    {
        await using var bench = await RecordingBench.StartAsync(set: options => options.Ffmpeg = "");
        var id = await bench.KeptAsync();

        Assert.False(await bench.Get<WaveformStore>().DrawNextAsync(default));
        Assert.Equal(0, (await bench.RowAsync(id)).DrawAttempts);
    }

    private static IEnumerable<float> Slices(double seconds, float level) => Enumerable.Repeat(level, (int)Math.Round(seconds * Waveform.Rate));

    private static IEnumerable<(double, double)> Find(params IEnumerable<float>[] parts)
    {
        float[] levels = [.. parts.SelectMany(part => part)];
        return Silences.Find(levels, levels.Length / (double)Waveform.Rate).Select(span => (Math.Round(span.From, 2), Math.Round(span.To, 2)));
    }

    /// <summary>A tone of 440 Hz, as loud on the left and on the right as said, second by second.</summary>
    private static byte[] Wav(int channels, params (double Seconds, double Left, double Right)[] parts)
    {
        var samples = new List<short>();
        foreach (var (seconds, left, right) in parts)
        {
            for (var i = 0; i < seconds * 8000; i++)
            {
                var tone = Math.Sin(2 * Math.PI * 440 * i / 8000) * short.MaxValue;
                samples.Add((short)(tone * left));
                samples.Add((short)(tone * right));
            }
        }

        var wav = new byte[44 + (samples.Count * 2)];
        "RIFF"u8.CopyTo(wav);
        BinaryPrimitives.WriteInt32LittleEndian(wav.AsSpan(4), wav.Length - 8);
        "WAVEfmt "u8.CopyTo(wav.AsSpan(8));
        BinaryPrimitives.WriteInt32LittleEndian(wav.AsSpan(16), 16);
        BinaryPrimitives.WriteInt16LittleEndian(wav.AsSpan(20), 1);
        BinaryPrimitives.WriteInt16LittleEndian(wav.AsSpan(22), (short)channels);
        BinaryPrimitives.WriteInt32LittleEndian(wav.AsSpan(24), 8000);
        BinaryPrimitives.WriteInt32LittleEndian(wav.AsSpan(28), 16_000 * channels);
        BinaryPrimitives.WriteInt16LittleEndian(wav.AsSpan(32), (short)(2 * channels));
        BinaryPrimitives.WriteInt16LittleEndian(wav.AsSpan(34), 16);
        "data"u8.CopyTo(wav.AsSpan(36));
        BinaryPrimitives.WriteInt32LittleEndian(wav.AsSpan(40), samples.Count * 2);
        for (var i = 0; i < samples.Count; i++)
        {
            BinaryPrimitives.WriteInt16LittleEndian(wav.AsSpan(44 + (i * 2)), samples[i]);
        }

        return wav;
    }
}
