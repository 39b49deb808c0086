using System.Security.Cryptography;
using AiRudder.Dashboard.Recordings;
using AiRudder.Dashboard.Storage;
using AiRudder.Dashboard.Tests.Support;
using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace AiRudder.Dashboard.Tests.Recordings;

/// <summary>From a landing to our own copy, and what becomes of it.</summary>
public sealed class KeepingTests
{
    [Theory]
    [OnSqlite]
    [OnSqlServer]
    public async Task S7_LandedCall_IsKept(StorageProvider provider)
    {
        await using var bench = await RecordingBench.StartAsync(provider);
        var id = bench.Land();

        var row = await bench.TryAsync();

        Assert.Equal((id, RecordingState.Kept, "audio/wav", (long?)100_000), (row!.CallId, row.State, row.ContentType, row.Bytes));
        Assert.Equal(SHA256.HashData(Vendor.Sound), row.Sha256);
        Assert.Equal(bench.Clock.Now, row.FetchedAt);
        Assert.Equal(Vendor.Sound, await bench.SoundAsync(row));
        Assert.Null(await bench.TryAsync());
    }

    [Fact]
    public async Task P7_KeptFile_HasNothingOfTheSoundInIt()
    {
        await using var bench = await RecordingBench.StartAsync();
        await bench.KeptAsync();

        var file = await File.ReadAllBytesAsync(Assert.Single(Directory.GetFiles(bench.Folder)));

        Assert.Equal(Vendor.Sound.Length + (2 * SoundChunks.Overhead), file.Length);
        Assert.Equal(-1, file.AsSpan().IndexOf(Vendor.Sound.AsSpan(0, 12)));
        Assert.Equal(-1, file.AsSpan().IndexOf(Vendor.Sound.AsSpan(70_000, 12)));
    }

    [Fact]
    public async Task P7_KeptFileAndRow_WithoutTheKeys_StayClosed()
    {
        await using var bench = await RecordingBench.StartAsync();
        var row = await bench.RowAsync(await bench.KeptAsync());
        var elsewhere = new RecordingShelf(bench.Get<Microsoft.Extensions.Options.IOptions<StorageOptions>>(), new Microsoft.AspNetCore.DataProtection.EphemeralDataProtectionProvider(), bench.Clock);

        Assert.ThrowsAny<CryptographicException>(() => elsewhere.Open(row.File!, row.Key!, row.Bytes!.Value));
    }

    [Fact]
    public async Task S7_BrokenOff_IsContinuedWhereItEnded()
    {
        await using var bench = await RecordingBench.StartAsync();
        bench.Land();
        bench.Vendor.BreakOffAt = 80_000;
        var first = await bench.TryAsync();
        Assert.Equal((RecordingState.Expected, "cutShort"), (first!.State, first.Reason));

        bench.Vendor.BreakOffAt = null;
        bench.Clock.Now += TimeSpan.FromMinutes(1);
        var second = await bench.TryAsync();

        Assert.Equal(RecordingState.Kept, second!.State);
        Assert.Equal("bytes=65536-", bench.Vendor.LastRange);
        Assert.Equal(SHA256.HashData(Vendor.Sound), second.Sha256);
        Assert.Equal(Vendor.Sound, await bench.SoundAsync(second));
    }

    [Fact]
    public async Task S7_BrokenOff_WithATornEndOnDisk_ContinuesBeforeIt()
    {
        await using var bench = await RecordingBench.StartAsync();
        bench.Land();
        bench.Vendor.BreakOffAt = 80_000;
        await bench.TryAsync();
        var part = Assert.Single(Directory.GetFiles(bench.Folder, "*.part"));
        await File.AppendAllBytesAsync(part, new byte[1000]);
        await using (var file = File.OpenWrite(part))
        {
            file.Position = 5000;
            file.WriteByte(0);
            file.WriteByte(1);
        }

        bench.Vendor.BreakOffAt = null;
        bench.Clock.Now += TimeSpan.FromMinutes(1);
        var row = await bench.TryAsync();

        Assert.Equal(RecordingState.Kept, row!.State);
        Assert.Null(bench.Vendor.LastRange);
        Assert.Equal(Vendor.Sound, await bench.SoundAsync(row));
    }

    [Fact]
    public async Task S7_BrokenOff_AndAnotherFileNow_IsFetchedAnew()
    {
        await using var bench = await RecordingBench.StartAsync();
        bench.Land("tagged.wav");
        bench.Vendor.BreakOffAt = 80_000;
        await bench.TryAsync();

        bench.Vendor.BreakOffAt = null;
        bench.Vendor.ETag = "\"another\"";
        bench.Clock.Now += TimeSpan.FromMinutes(1);
        var row = await bench.TryAsync();

        Assert.Equal("bytes=65536-", bench.Vendor.LastRange);
        Assert.Equal(RecordingState.Kept, row!.State);
        Assert.Equal(Vendor.Sound, await bench.SoundAsync(row));
    }

    [Fact]
    public async Task S7_StoppedInTheMiddle_IsTakenUpWithoutCountingATry()
    {
        await using var bench = await RecordingBench.StartAsync();
        bench.Land("slow-body");
        using var stop = new CancellationTokenSource();
        var trying = bench.TryAsync(stop.Token);
        await Support.Vendor.UntilAsync(() => bench.Vendor.Requests > 0, "nothing was asked for");
        await stop.CancelAsync();

        var row = await trying;

        Assert.Equal((RecordingState.Expected, 0, (DateTimeOffset?)bench.Clock.Now), (row!.State, row.Attempts, row.NextAttemptAt));
    }

    [Fact]
    public async Task S7_KilledBetweenTheFileAndItsRow_IsKeptWithoutFetching()
    {
        await using var bench = await RecordingBench.StartAsync();
        var id = await bench.KeptAsync();
        await using (var db = bench.Store.Contexts.CreateDbContext())
        {
            await db.Recordings.ExecuteUpdateAsync(row => row.SetProperty(it => it.State, RecordingState.Fetching).SetProperty(it => it.NextAttemptAt, bench.Clock.Now.AddHours(1)).SetProperty(it => it.Sha256, (byte[]?)null));
        }

        var before = bench.Vendor.Requests;
        await bench.Get<RecordingQueue>().TakeUpAsync(default);
        var row = await bench.TryAsync();

        Assert.Equal((id, RecordingState.Kept), (row!.CallId, row.State));
        Assert.Equal(SHA256.HashData(Vendor.Sound), row.Sha256);
        Assert.Equal(before, bench.Vendor.Requests);
    }

    [Theory]
    [InlineData("page.mp3", "notAudio")]
    [InlineData("wrong-header.wav", "notAudio")]
    [InlineData("moved", "redirected")]
    public async Task S7_WhatIsNoRecording_IsRefusedWithItsReason(string file, string reason)
    {
        await using var bench = await RecordingBench.StartAsync();
        bench.Land(file);

        var row = await bench.TryAsync();

        Assert.Equal((RecordingState.Refused, reason, (DateTimeOffset?)null), (row!.State, row.Reason, row.NextAttemptAt));
        Assert.NotEqual(reason, RecordingReasons.Words(row.Reason));
        Assert.Empty(Directory.Exists(bench.Folder) ? Directory.GetFiles(bench.Folder) : []);
    }

    [Theory]
    [InlineData("ranges.wav")]
    [InlineData("unknown-length.wav")]
    public async Task S7_TooLarge_IsRefused(string file)
    {
        await using var bench = await RecordingBench.StartAsync(set: options => options.MaxBytes = 60_000);
        bench.Land(file);

        var row = await bench.TryAsync();

        Assert.Equal((RecordingState.Refused, "tooLarge"), (row!.State, row.Reason));
    }

    [Fact]
    public async Task S7_HostThatIsNotAllowed_IsNotAsked()
    {
        await using var bench = await RecordingBench.StartAsync(set: options => options.AllowedHosts = ["api.airudder.com"]);
        bench.Land();

        var row = await bench.TryAsync();

        Assert.Equal((RecordingState.Refused, "hostNotAllowed", 0), (row!.State, row.Reason, bench.Vendor.Requests));
    }

    [Fact]
    public async Task S7_FailureThatMayPass_IsTriedAgainWithGrowingPausesAndGivenUpInTheEnd()
    {
        await using var bench = await RecordingBench.StartAsync();
        var id = bench.Land("broken");
        var pauses = new List<TimeSpan>();
        while (await bench.TryAsync() is { NextAttemptAt: { } next })
        {
            pauses.Add(next - bench.Clock.Now);
            bench.Clock.Now = next;
        }

        Assert.Equal([30, 60, 120], pauses.Take(3).Select(pause => pause.TotalSeconds));
        Assert.Equal(TimeSpan.FromHours(6), pauses[^1]);
        Assert.Equal(RecordingQueue.MostAttempts - 1, pauses.Count);
        var row = await bench.RowAsync(id);
        Assert.Equal((RecordingState.Gone, "vendorFailed"), (row.State, row.Reason));
    }

    [Theory]
    [InlineData("slow")]
    [InlineData("slow-body")]
    public async Task S7_NoFirstByteInTime_IsTriedAgain(string file)
    {
        await using var bench = await RecordingBench.StartAsync(set: options => options.FirstByteTimeout = TimeSpan.FromSeconds(0.5));
        bench.Land(file);

        var row = await bench.TryAsync();

        Assert.Equal((RecordingState.Expected, "late"), (row!.State, row.Reason));
    }

    [Fact]
    public async Task S7_ManyAtOnce_AreFetchedAFewAtATimePerHost()
    {
        await using var bench = await RecordingBench.StartAsync();
        var (now, most) = (0, 0);
        bench.Vendor.Instead = async http =>
        {
            most = Math.Max(most, Interlocked.Increment(ref now));
            await Task.Delay(50);
            Interlocked.Decrement(ref now);
            await Results.Bytes(Vendor.Sound, "audio/wav").ExecuteAsync(http);
        };
        for (var i = 0; i < 12; i++)
        {
            bench.Land();
        }

        using var insurance = ActivatorUtilities.CreateInstance<RecordingInsurance>(bench.Store.Services);
        await insurance.StartAsync(default);
        await Support.Vendor.UntilAsync(
            async () =>
            {
                await using var db = bench.Store.Contexts.CreateDbContext();
                return await db.Recordings.CountAsync(row => row.State == RecordingState.Kept);
            },
            kept => kept == 12,
            "not all recordings were kept");
        await insurance.StopAsync(default);

        Assert.Equal(RecordingInsurance.PerHost, most);
    }

    [Fact]
    public async Task P2_FailuresOfEveryKind_LeaveNoLinkInTheRow()
    {
        await using var bench = await RecordingBench.StartAsync();
        foreach (var file in new[] { "broken", "moved", "page.mp3", "nowhere", "ranges.wav" })
        {
            var id = bench.Land(file);
            await bench.TryAsync();
            var text = System.Text.Json.JsonSerializer.Serialize(await bench.RowAsync(id));
            Assert.DoesNotContain(file, text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task S7_MissingFile_OfAYoungCallMayComeAndOfAnOldOneIsGone()
    {
        await using var bench = await RecordingBench.StartAsync();
        bench.Land("nowhere");
        Assert.Equal((RecordingState.Expected, "gone"), await bench.TryAsync() is { } young ? (young.State, young.Reason) : default);

        bench.Clock.Now += TimeSpan.FromDays(2);
        Assert.Equal(RecordingState.Gone, (await bench.TryAsync())!.State);
    }

    [Fact]
    public async Task S7_AnotherLinkInANewerVersion_IsAnotherTry()
    {
        await using var bench = await RecordingBench.StartAsync();
        var id = bench.Land("moved");
        await bench.TryAsync();
        await using (var db = bench.Store.Contexts.CreateDbContext())
        {
            await db.CallDetails.ExecuteUpdateAsync(row => row.SetProperty(it => it.RecordingLink, bench.Vendor.Link("ranges.wav")));
            bench.LandAgain(await db.Calls.SingleAsync(call => call.Id == id));
        }

        Assert.Equal(RecordingState.Kept, (await bench.TryAsync())!.State);
    }

    [Fact]
    public async Task S7_SameLinkLandedAgain_ChangesNothing()
    {
        await using var bench = await RecordingBench.StartAsync();
        var id = await bench.KeptAsync();
        await using (var db = bench.Store.Contexts.CreateDbContext())
        {
            bench.LandAgain(await db.Calls.SingleAsync(call => call.Id == id));
        }

        Assert.Null(await bench.TryAsync());
        Assert.Equal(RecordingState.Kept, (await bench.RowAsync(id)).State);
    }

    [Fact]
    public async Task Follow_MoreCallsThanAStretch_FindsEachOnce()
    {
        await using var bench = await RecordingBench.StartAsync();
        for (var i = 0; i < 1_010; i++)
        {
            bench.Land(i % 2 == 0 ? "ranges.wav" : null);
        }

        await bench.FollowAsync();

        await using var db = bench.Store.Contexts.CreateDbContext();
        Assert.Equal(505, await db.Recordings.CountAsync());
        Assert.False(await bench.Get<RecordingFollower>().FollowAsync(default));
    }

    [Fact]
    public async Task Claim_BusyHost_IsPassedOver()
    {
        await using var bench = await RecordingBench.StartAsync();
        bench.Land();
        await bench.FollowAsync();

        Assert.Null(await bench.Get<RecordingQueue>().ClaimAsync(["127.0.0.1"], newest: true, default));
        Assert.NotNull(await bench.Get<RecordingQueue>().ClaimAsync([], newest: true, default));
        Assert.Null(await bench.Get<RecordingQueue>().ClaimAsync([], newest: true, default));
    }

    [Theory]
    [OnSqlite]
    [OnSqlServer]
    public async Task P4_Retention_DeletesTheSoundAndSaysSo(StorageProvider provider)
    {
        await using var bench = await RecordingBench.StartAsync(provider);
        var id = await bench.KeptAsync();
        var care = bench.Get<RecordingRetention>();
        bench.Clock.Now += TimeSpan.FromDays(30) - TimeSpan.FromSeconds(1);
        Assert.Equal(0, await care.EndAsync(default));

        bench.Clock.Now += TimeSpan.FromSeconds(1);
        Assert.Equal(1, await care.EndAsync(default));

        var row = await bench.RowAsync(id);
        Assert.Equal((RecordingState.Gone, Recording.Retention, (byte[]?)null), (row.State, row.Reason, row.Key));
        Assert.Empty(Directory.GetFiles(bench.Folder));
        Assert.Null(await bench.TryAsync());
        Assert.Equal(0, await bench.Get<RecordingQueries>().RetryAsync(null, null, default));
    }

    [Fact]
    public async Task P5_FileOfAnErasedCall_IsSweptAway()
    {
        await using var bench = await RecordingBench.StartAsync();
        var erased = await bench.KeptAsync();
        var other = await bench.KeptAsync();
        await using (var db = bench.Store.Contexts.CreateDbContext())
        {
            await db.Recordings.Where(row => row.CallId == erased).ExecuteDeleteAsync();
        }

        bench.Clock.Now = DateTimeOffset.UtcNow.AddHours(2); // files carry the machine's time
        Assert.Equal(1, await bench.Get<RecordingRetention>().SweepAsync(default));

        Assert.Equal((await bench.RowAsync(other)).File, Path.GetFileName(Assert.Single(Directory.GetFiles(bench.Folder))));
    }

    [Fact]
    public async Task Retry_OfALostRecording_IsATryAtOnce()
    {
        await using var bench = await RecordingBench.StartAsync();
        var id = bench.Land("page.mp3");
        await bench.TryAsync();
        var queries = bench.Get<RecordingQueries>();
        Assert.Equal((id, "notAudio"), Assert.Single(await queries.LostAsync(null, 10, default)) is var lost ? (lost.CallId, lost.Reason) : default);

        Assert.Equal(1, await queries.RetryAsync(id, bench.Store.Connection.Id, default));

        Assert.NotNull(await bench.TryAsync());
    }

    [Fact]
    public async Task Panel_HostsAndAges_AreCounted()
    {
        await using var bench = await RecordingBench.StartAsync();
        await bench.KeptAsync();
        bench.Land("moved");
        await bench.TryAsync();
        bench.Land();
        await bench.FollowAsync();
        var queries = bench.Get<RecordingQueries>();

        Assert.Equal(new HostRecordings("127.0.0.1", 1, 1, 0, 1), Assert.Single(await queries.HostsAsync(null, default)));
        Assert.Empty(await queries.HostsAsync(99, default));
        Assert.Equal([(1, RecordingState.Kept, 1), (1, RecordingState.Refused, 1)], (await queries.AgesAsync(bench.Store.Connection.Id, default)).OrderBy(row => row.State).Select(row => (row.Age, row.State, row.Count)));
    }
}
