using AiRudder.Dashboard.Calls;
using AiRudder.Dashboard.Intentions;
using AiRudder.Dashboard.Live;
using AiRudder.Dashboard.Recordings;
using AiRudder.Dashboard.Storage;
using AiRudder.Dashboard.Tests.Calls;
using AiRudder.Dashboard.Tests.Support;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace AiRudder.Dashboard.Tests.Recordings;

/// <summary>Everything that keeps recordings, moved by hand: calls land, links are followed and tries are made when told.</summary>
internal sealed class RecordingBench : IAsyncDisposable
{
    private long landings;

    private RecordingBench(Vendor vendor, StorageProvider provider, Action<RecordingOptions>? set)
    {
        Vendor = vendor;
        Store = new TestStore(provider, (services, _) =>
        {
            services.AddSingleton<TimeProvider>(Clock);
            services.AddSingleton(Protection);
            services.AddIntentions();
            services.AddCalls();
            services.AddRecordings();
            services.PostConfigure<RecordingOptions>(options =>
            {
                (options.AllowedHosts, options.AllowInsecureDevelopmentHosts) = ([vendor.Host], true);
                set?.Invoke(options);
            });
        });
        Seed = new CallSeed(Store);
    }

    /// <summary>Keys that live as long as the tests run.</summary>
    public static IDataProtectionProvider Protection { get; } = new EphemeralDataProtectionProvider();

    public TestClock Clock { get; } = new() { Now = CallSeed.Start.AddMinutes(2) };

    public Vendor Vendor { get; }

    public TestStore Store { get; }

    public CallSeed Seed { get; }

    public string Folder => Path.Combine(Store.Folder, "recordings");

    public static async Task<RecordingBench> StartAsync(StorageProvider provider = StorageProvider.Sqlite, Action<RecordingOptions>? set = null) =>
        new(await Vendor.StartAsync(), provider, set);

    public T Get<T>()
        where T : notnull => Store.Services.GetRequiredService<T>();

    /// <summary>A call that has landed with this file as its recording; its id.</summary>
    public long Land(string? file = "ranges.wav")
    {
        var call = Seed.Add(detail: detail => detail.RecordingLink = file is null ? null : Vendor.Link(file));
        LandAgain(call);
        return call.Id;
    }

    public void LandAgain(AiRudder.Dashboard.Calls.Call call)
    {
        Seed.AddVersion(call, "{}");
        using var db = Store.Contexts.CreateDbContext();
        db.Add(new Landing { Sequence = ++landings, DeliveryId = db.Deliveries.Max(row => row.Id), ConnectionId = call.ConnectionId, CallTaskId = call.CallTaskId, LandedAt = Clock.Now, Calls = 1 });
        db.SaveChanges();
    }

    public async Task FollowAsync()
    {
        while (await Get<RecordingFollower>().FollowAsync(default))
        {
        }
    }

    /// <summary>Follows, and makes one try of whatever is due.</summary>
    public async Task<Recording?> TryAsync(CancellationToken cancel = default)
    {
        await FollowAsync();
        if (await Get<RecordingQueue>().ClaimAsync([], newest: false, default) is not { } row)
        {
            return null;
        }

        await Get<RecordingKeeper>().TryAsync(row, cancel);
        return await RowAsync(row.CallId);
    }

    public async Task<long> KeptAsync(string file = "ranges.wav")
    {
        var id = Land(file);
        Assert.Equal(RecordingState.Kept, (await TryAsync())!.State);
        return id;
    }

    public async Task<Recording> RowAsync(long callId)
    {
        await using var db = Store.Contexts.CreateDbContext();
        return await db.Recordings.AsNoTracking().SingleAsync(row => row.CallId == callId);
    }

    /// <summary>The kept sound as its reader gives it out.</summary>
    public async Task<byte[]> SoundAsync(Recording row)
    {
        await using var sound = Get<RecordingShelf>().Open(row.File!, row.Key!, row.Bytes!.Value)!;
        var bytes = new MemoryStream();
        Assert.True(await sound.CopyToAsync(bytes, 0, sound.Length, default));
        return bytes.ToArray();
    }

    public async ValueTask DisposeAsync()
    {
        Store.Dispose();
        await Vendor.DisposeAsync();
    }
}
