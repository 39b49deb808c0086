using System.Text.Json;
using AiRudder.Dashboard.Calls;
using AiRudder.Dashboard.Intentions;
using AiRudder.Dashboard.Storage;
using AiRudder.Dashboard.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace AiRudder.Dashboard.Tests.Calls;

public sealed class TranscriptIndexTests
{
    [Theory]
    [OnSqlite]
    [OnSqlServer]
    public async Task ListAsync_WordsOfManyScripts_FindTheirCalls(StorageProvider provider)
    {
        using var road = new CallRoad(provider);
        await SayAsync(road, "zh", "我想取消订单，谢谢");
        await SayAsync(road, "th", "ขอชำระพรุ่งนี้ค่ะ");
        await SayAsync(road, "vi", "Tôi sẽ trả trước ngày mai");
        await SayAsync(road, "id", "Saya mau bayar besok pagi, Pak");
        await CatchUpAsync(road);

        Assert.Equal(["zh"], await FindAsync(road, "取消订单"));
        Assert.Equal(["zh"], await FindAsync(road, "取消"));
        Assert.Equal(["zh"], await FindAsync(road, "谢"));
        Assert.Equal(["th"], await FindAsync(road, "พรุ่งนี้"));
        Assert.Equal(["vi"], await FindAsync(road, "trước ngày"));
        Assert.Equal(["vi"], await FindAsync(road, "TRUOC NGAY"));
        Assert.Equal(["vi"], await FindAsync(road, "trước ngày".Normalize(System.Text.NormalizationForm.FormD)));
        Assert.Equal(["id"], await FindAsync(road, "BAYAR besok"));
        Assert.Equal(["id"], await FindAsync(road, "esok pag"));
        Assert.Empty(await FindAsync(road, "besok bayar"));
    }

    [Theory]
    [OnSqlite]
    [OnSqlServer]
    public async Task ListAsync_HostileWords_AreAPhraseAndNeverAnError(StorageProvider provider)
    {
        using var road = new CallRoad(provider);
        await SayAsync(road, "odd", "he said \"100%_off\" AND (NOT) near* 😀 it's [x] a^b -c:d");
        await SayAsync(road, "plain", "he said 1000 off and near");
        await CatchUpAsync(road);

        foreach (var words in new[] { "\"100%_off\"", "%_o", "AND (NOT)", "near*", "😀", "it's [x]", "a^b", "-c:d", "%", "_", "[x" })
        {
            Assert.Equal(["odd"], await FindAsync(road, words));
        }

        foreach (var words in new[] { "\"", "'", "\0", "a\0b", "(", "NEAR(", "said:", "\ud83d", new string('x', 20_000), "{said} : x", "*", "\\", "--", "\"\"\"" })
        {
            await FindAsync(road, words);
        }
    }

    [Theory]
    [OnSqlite]
    [OnSqlServer]
    public async Task ListAsync_NamesOfFields_AreNoWordsThatWereSaid(StorageProvider provider)
    {
        using var road = new CallRoad(provider);
        await SayAsync(road, "one", "halo");
        await CatchUpAsync(road);

        foreach (var words in new[] { "robot", "callee", "ro", "at", "{", ":" })
        {
            Assert.Empty(await FindAsync(road, words));
        }
    }

    [Theory]
    [OnSqlite]
    [OnSqlServer]
    public async Task ListAsync_CallIdOrTaskName_FindsItsCalls(StorageProvider provider)
    {
        using var road = new CallRoad(provider);
        await SayAsync(road, "first-call-id", "halo");
        await SayAsync(road, "other-call-id", "halo");
        await CatchUpAsync(road);

        Assert.Equal(["first-call-id"], await FindAsync(road, "first-call-id"));
        Assert.Equal(["first-call-id", "other-call-id"], await FindAsync(road, "DPD 1-7"));
    }

    [Theory]
    [OnSqlite]
    [OnSqlServer]
    public async Task ListAsync_TextChangedByALaterVersion_IsFoundByItsNewWordsAlone(StorageProvider provider)
    {
        using var road = new CallRoad(provider);
        await SayAsync(road, "one", "kata pertama");
        await CatchUpAsync(road);
        await SayAsync(road, "one", "ucapan kedua");
        await CatchUpAsync(road);

        Assert.Empty(await FindAsync(road, "pertama"));
        Assert.Equal(["one"], await FindAsync(road, "kedua"));
    }

    [Fact]
    public async Task Index_DetailsChangedOutsideOfALanding_AreReadAgain()
    {
        using var road = new CallRoad();
        await SayAsync(road, "one", "kata pertama");
        await CatchUpAsync(road);
        await using (var db = road.Db())
        {
            await db.CallDetails.ExecuteUpdateAsync(row => row.SetProperty(it => it.TurnsJson, """[{"at":0,"robot":"lain sekali","callee":""}]"""));
        }

        await CatchUpAsync(road);

        Assert.Empty(await FindAsync(road, "pertama"));
        Assert.Equal(["one"], await FindAsync(road, "lain sekali"));
    }

    [Fact]
    public async Task Index_CallDeleted_LosesItsWordsAtOnce()
    {
        using var road = new CallRoad();
        await SayAsync(road, "one", "kata pertama");
        await CatchUpAsync(road);
        await using var db = road.Db();
        await db.CallDetails.ExecuteDeleteAsync();

        Assert.Empty(await db.Transcripts.Saying("pertama").ToListAsync());
        Assert.Empty(await db.Database.SqlQuery<long>($"""SELECT COUNT(*) AS "Value" FROM "CallWords" """).Where(count => count > 0).ToListAsync());
    }

    [Fact]
    public async Task Index_NotYetFollowed_SaysHowFarBehindAndGoesOnFromItsPlace()
    {
        using var road = new CallRoad();
        var index = new TranscriptIndex(road.Contexts, road.Services.GetRequiredService<WriteGate>());
        for (var i = 0; i < 3; i++)
        {
            await SayAsync(road, $"call-{i}", "kata");
        }

        Assert.Equal(new CallCount(3, false), await index.BehindAsync(default));
        await CatchUpAsync(road);
        Assert.Equal(default, await index.BehindAsync(default));

        // Another process goes on where the last one stopped.
        await SayAsync(road, "late", "kata lagi");
        Assert.Equal(new CallCount(1, false), await index.BehindAsync(default));
        await CatchUpAsync(road);
        Assert.Equal(["late"], await FindAsync(road, "kata lagi"));
        Assert.False(await index.StepAsync(default));
    }

    [Fact]
    public async Task Index_MoreCallsThanOneTransactionTakes_HasThemAll()
    {
        using var road = new CallRoad();
        var elements = Enumerable.Range(0, 250).Select(i => Element($"call-{i}", $"nomor {i} selesai"));
        await road.ReceiveAsync($$"""{"task_id":"task-1","task_name":"DPD 1-7","details":[{{string.Join(',', elements)}}]}""");

        await CatchUpAsync(road);

        await using var db = road.Db();
        Assert.Equal(250, await db.Transcripts.Saying("selesai").CountAsync());
        Assert.Equal(["call-249"], await FindAsync(road, "nomor 249"));
    }

    private static string Element(string id, string said) =>
        $$"""{"call_id":"{{id}}","callee":"+62812","duration":10,"asr_result":[{"time":"00:00:01","robottext":"Halo","text":{{JsonSerializer.Serialize(said)}}}]}""";

    private static Task SayAsync(CallRoad road, string id, string said) =>
        road.ReceiveAsync($$"""{"task_id":"task-1","task_name":"DPD 1-7","details":[{{Element(id, said)}}]}""");

    private static async Task CatchUpAsync(CallRoad road)
    {
        var index = new TranscriptIndex(road.Contexts, road.Services.GetRequiredService<WriteGate>());
        while (await index.StepAsync(default))
        {
        }
    }

    private static async Task<IReadOnlyList<string?>> FindAsync(CallRoad road, string words)
    {
        using var labels = new LabelTable(road.Contexts, road.Clock);
        var page = await new CallQueries(road.Contexts, labels).ListAsync(new(new CallFilter { Q = words }, CallSort.Newest, Snippets: true), default);
        return [.. page.Items.Select(row => row.CallId).Order(StringComparer.Ordinal)];
    }
}
