using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using AiRudder.Dashboard.Accounts;
using AiRudder.Dashboard.Calls;
using AiRudder.Dashboard.CallTasks;
using AiRudder.Dashboard.Intentions;
using AiRudder.Dashboard.Metrics;
using AiRudder.Dashboard.Storage;
using AiRudder.Dashboard.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace AiRudder.Dashboard.Tests.CallTasks;

public sealed class ListSizeTests
{
    [Theory]
    [InlineData("callee,name\n+6281234501,Budi\n+6281234502,Siti\n", 2, true)]
    [InlineData("+6281234501\r\n\r\n+6281234502", 2, false)]
    [InlineData("\n;;\n 081234501;x\n\"\"\n", 1, false)]
    [InlineData("phone\n", 0, true)]
    [InlineData("", 0, false)]
    public async Task Count_Text_CountsLinesThatHoldSomething(string text, int numbers, bool header)
    {
        using var file = new MemoryStream(Encoding.UTF8.GetBytes(text));

        Assert.Equal(new ListCount(numbers, header), await ListFile.CountAsync(file, CancellationToken.None));
    }

    [Fact]
    public async Task Count_Utf16_IsRead()
    {
        using var file = new MemoryStream([.. Encoding.Unicode.GetPreamble(), .. Encoding.Unicode.GetBytes("号码\n+6281234501\n")]);

        Assert.Equal(new ListCount(1, true), await ListFile.CountAsync(file, CancellationToken.None));
    }

    [Fact]
    public async Task Count_NoText_IsRefused()
    {
        using var file = new MemoryStream([0x50, 0x4b, 3, 4, 0, 0, 0]);

        await Assert.ThrowsAsync<InvalidDataException>(() => ListFile.CountAsync(file, CancellationToken.None));
    }

    [Theory]
    [OnSqlite]
    [OnSqlServer]
    public async Task Set_Size_MakesCoverageAndReachKnown(StorageProvider provider)
    {
        using var road = new CallRoad(provider);
        await road.ProcessAsync((await road.StoreAsync("""{"task_id":"t","details":[{"call_id":"a","callee":"+1","call_start_time":"2026-03-14 10:00:00","duration":9},{"call_id":"b","callee":"+2","call_start_time":"2026-03-14 10:01:00"}]}""")).Id);
        using var labels = new LabelTable(road.Contexts, road.Clock);
        var sizes = new ListSizes(road.Contexts, road.Clock);

        Assert.Null(await sizes.SetAsync(road.Connection.Name, "t", 4, "entered", "supervisor@example.com", default));

        var row = Assert.Single(await new TaskQuery(road.Contexts, labels, road.Clock).ReadAsync(new CallFilter()));
        Assert.Equal((4, 0.5, "supervisor@example.com", "entered"), (row.Task.ListSize, row.Coverage.Value, row.Task.ListSizeBy, row.Task.ListSizeFrom));
        Assert.Equal(road.Clock.Now.ToUnixTimeSeconds(), row.Task.ListSizeAt!.Value.ToUnixTimeSeconds());
        var summary = await new SummaryQuery(road.Contexts, labels).ReadAsync(new CallFilter { Task = "t" });
        Assert.Equal((0.25, 0.5), (summary[Figures.Reach].Value, summary[Figures.Coverage].Value));

        // A delivery that comes later does not know it and does not undo it.
        await road.ProcessAsync((await road.StoreAsync("""{"task_id":"t","status":"finished","details":[{"call_id":"c","callee":"+3"}]}""")).Id);
        await using var db = road.Db();
        Assert.Equal(4, (await db.CallTasks.SingleAsync()).ListSize);
    }

    [Theory]
    [InlineData("t", 0, "whole number from 1")]
    [InlineData("other", 5, "There is no task 'other'")]
    [InlineData("", 5, "no task have no list")]
    public async Task Set_WhatCannotBe_IsRefusedInWords(string task, int size, string words)
    {
        using var store = new TestStore();
        var build = new CallBuilder(store);
        build.Call(build.Task("t"), build.At("2026-03-14 10:00")).Save();

        Assert.Contains(words, await new ListSizes(store.Contexts, new TestClock()).SetAsync(null, task, size, "entered", "x", default), StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Requirement", "S4")]
    public async Task S4_Api_TakesTheSizeFromThoseWhoMaySayIt()
    {
        using var site = new TestSite();
        using var qa = site.Api(Role.Qa);
        using var supervisor = site.Api(Role.Supervisor);
        await using (var db = await site.Contexts.CreateDbContextAsync())
        {
            var connection = new Dashboard.Connections.Connection { Name = "One", TimeZone = "Asia/Jakarta" };
            db.Add(connection);
            await db.SaveChangesAsync();
            db.Add(new CallTask { ConnectionId = connection.Id, VendorTaskId = "a/b", Identity = Identity.OfTask("a/b") });
            await db.SaveChangesAsync();
        }

        Assert.Equal(HttpStatusCode.Forbidden, (await qa.PutAsJsonAsync("/api/tasks/a%2Fb/list-size", new { listSize = 7 })).StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await supervisor.PutAsJsonAsync("/api/tasks/a%2Fb/list-size", new { listSize = -7 })).StatusCode);
        Assert.Equal(HttpStatusCode.NoContent, (await supervisor.PutAsJsonAsync("/api/tasks/a%2Fb/list-size", new { listSize = 7 })).StatusCode);

        var task = await qa.GetFromJsonAsync<JsonElement>("/api/tasks/a%2Fb");
        Assert.Equal((7, "Supervisor"), (task.GetProperty("listSize").GetInt32(), task.GetProperty("listSizeBy").GetString()));
        Assert.Equal(JsonValueKind.Array, task.GetProperty("heat").ValueKind);
    }
}
