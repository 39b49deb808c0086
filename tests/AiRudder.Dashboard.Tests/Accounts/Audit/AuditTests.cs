using System.Security.Claims;
using AiRudder.Dashboard.Accounts;
using AiRudder.Dashboard.Accounts.Audit;
using AiRudder.Dashboard.Storage;
using AiRudder.Dashboard.Tests.Support;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace AiRudder.Dashboard.Tests.Accounts.Audit;

[Trait("Requirement", "P3")]
public sealed class AuditTests
{
    private static readonly ClaimsPrincipal Somebody = new(new ClaimsIdentity([new(ClaimTypes.NameIdentifier, "id-1")], "test"));

    [Theory]
    [OnSqlite]
    [OnSqlServer]
    public async Task P3_Entries_FollowEachOtherWhoeverWrites_AndVerify(StorageProvider provider)
    {
        using var store = new TestStore(provider);
        var protection = new EphemeralDataProtectionProvider();
        var (one, other) = (Log(store, protection), Log(store, protection));

        await Task.WhenAll(Enumerable.Range(0, 20).Select(i => (i % 2 == 0 ? one : other).WriteAsync(Somebody, AuditAction.Reveal, $"call {i}")));

        await using var db = store.Contexts.CreateDbContext();
        var rows = await AuditQueries.Of(db, null, null, null, null).ToListAsync();
        Assert.Equal(Enumerable.Range(1, 21).Select(i => (long)i), rows.Select(row => row.Id).Order());
        Assert.Equal(AuditAction.Begin, rows[^1].Action);
        Assert.All(rows.SkipLast(1), row => Assert.Equal("id-1", row.Who));
        var (entries, last, problem) = await Log(store, protection).VerifyAsync(default);
        Assert.Null(problem);
        Assert.Equal((21, Convert.ToHexStringLower(rows[0].Seal)), (entries, last));
    }

    [Fact]
    public async Task P3_Entry_ChangedOrTakenOut_IsRefusedByTheDatabase()
    {
        using var store = new TestStore();
        var log = Log(store, new EphemeralDataProtectionProvider());
        await log.WriteAsync(Somebody, AuditAction.Export, "calls as csv");
        await using var db = store.Contexts.CreateDbContext();

        await Assert.ThrowsAsync<SqliteException>(() => db.Database.ExecuteSqlRawAsync("""UPDATE "AuditEntries" SET "Who" = 'x'"""));
        await Assert.ThrowsAsync<SqliteException>(() => db.Set<AuditEntry>().ExecuteDeleteAsync());
    }

    [Theory]
    [InlineData("""UPDATE "AuditEntries" SET "Who" = 'x' WHERE "Id" = 3""", "entry 3 was changed")]
    [InlineData("""UPDATE "AuditEntries" SET "Detail" = '' WHERE "Id" = 3""", "entry 3 was changed")]
    [InlineData("""DELETE FROM "AuditEntries" WHERE "Id" = 2""", "something before entry 3 was taken out or changed")]
    [InlineData("""DELETE FROM "AuditEntries" WHERE "Id" = 1""", "something before entry 2 was taken out or changed")]
    [InlineData("""DELETE FROM "AuditEntries" WHERE "Id" = 4""", "entries after 3 were taken out")]
    public async Task P3_Entry_ForcedPastTheDatabase_IsFoundByTheVerification(string force, string problem)
    {
        using var store = new TestStore();
        var protection = new EphemeralDataProtectionProvider();
        var log = Log(store, protection);
        foreach (var call in new[] { 1, 2, 3 })
            await log.WriteAsync(Somebody, AuditAction.Reveal, $"call {call}");

        await using var db = store.Contexts.CreateDbContext();
        await db.Database.ExecuteSqlRawAsync("""DROP TRIGGER "AuditEntries_Kept"; DROP TRIGGER "AuditEntries_Unchanged";""");
        await db.Database.ExecuteSqlRawAsync(force);

        Assert.Equal(problem, (await Log(store, protection).VerifyAsync(default)).Problem);
    }

    [Fact]
    public async Task P3_Keys_Lost_TheLogGoesOnAndTheVerificationSaysIt()
    {
        using var store = new TestStore();
        await Log(store, new EphemeralDataProtectionProvider()).WriteAsync(Somebody, AuditAction.Reveal, "call 1");
        var log = Log(store, new EphemeralDataProtectionProvider());

        await log.WriteAsync(Somebody, AuditAction.Reveal, "call 2");

        Assert.Equal("entry 1 was sealed with keys that this server does not have", (await log.VerifyAsync(default)).Problem);
        await using var db = store.Contexts.CreateDbContext();
        Assert.Equal(["Begin", "Reveal", "Begin", "Reveal"], (await db.Set<AuditEntry>().OrderBy(row => row.Id).ToListAsync()).Select(row => row.Action.ToString()));
    }

    [Fact]
    public Task Queries_AsSqlServerGetsThem_Parse() => SqlServerRecorder.AssertParsesAsync(async contexts =>
    {
        var gate = new WriteGate(Options.Create(new StorageOptions { Provider = StorageProvider.SqlServer }));
        await new AuditQueries(contexts).ListAsync(AuditAction.Export, "call 1", "me", 7, default);
        var log = new AuditLog(contexts, gate, new EphemeralDataProtectionProvider(), new TestClock());
        await log.VerifyAsync(default);
        await log.WriteAsync(Somebody, AuditAction.Export, "x");
    });

    [Fact]
    public async Task P3_SignInExportRawAndRoles_AreWrittenDownWithWhoAndWhere()
    {
        await using var site = new TestSite();
        using var browser = await site.SignInAsync(Role.Supervisor);
        using var nobody = site.Anonymous();
        await TestSite.SignInAsync(nobody, "supervisor@example.com", "not the password");
        using var api = site.Api(Role.Administrator);
        using var csv = await api.GetAsync("/api/calls.csv?callee=%2B628123456789");
        using var raw = await api.GetAsync("/api/deliveries/7/raw");
        using var refused = await site.Api(Role.Qa).GetAsync("/api/calls.csv");
        using var list = await api.GetAsync("/api/calls");
        using var masked = await site.Api(Role.Supervisor).GetAsync("/api/calls");

        await using var db = site.Contexts.CreateDbContext();
        var rows = await db.Set<AuditEntry>().OrderBy(row => row.Id).Skip(1).ToListAsync();
        var person = await db.Users.SingleAsync(user => user.Role == Role.Supervisor);
        Assert.Equal(
            [
                (person.Id, AuditAction.SignIn, "session", null, AuditOutcome.Allowed), ("", AuditAction.SignIn, "session", null, AuditOutcome.Refused),
                ("token:Administrator", AuditAction.Export, "calls as csv", "in full", AuditOutcome.Allowed), ("token:Administrator", AuditAction.ViewRaw, "delivery 7", "in full", AuditOutcome.Allowed),
                ("token:Administrator", AuditAction.Reveal, "calls", "page", AuditOutcome.Allowed),
            ],
            rows.Select(row => (row.Who, row.Action, row.Target, row.Detail, row.Outcome)));
        Assert.NotNull(rows[0].Session);
        Assert.Null((await site.Services.GetRequiredService<AuditLog>().VerifyAsync(default)).Problem);
    }

    [Fact]
    public async Task P3_Store_CannotBeWritten_NothingIsShown()
    {
        await using var site = new TestSite();
        using var api = site.Api(Role.Administrator);
        await using (var db = site.Contexts.CreateDbContext())
            await db.Database.ExecuteSqlRawAsync("""CREATE TRIGGER "full" BEFORE INSERT ON "AuditEntries" BEGIN SELECT RAISE(ABORT, 'disk full'); END""");

        using var answer = await api.GetAsync("/api/calls.csv");

        Assert.Equal(System.Net.HttpStatusCode.InternalServerError, answer.StatusCode);
        Assert.DoesNotContain("callee", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Page_OnlyForAdministrators_ShowsWhoDidWhat()
    {
        await using var site = new TestSite();
        using var administrator = await site.SignInAsync(Role.Administrator);
        using var qa = await site.SignInAsync(Role.Qa);

        using var page = await administrator.GetAsync("/audit");
        using var hidden = await qa.GetAsync("/audit");

        var text = await page.Content.ReadAsStringAsync();
        Assert.Contains("<h1>Audit</h1>", text, StringComparison.Ordinal);
        Assert.Contains("Signed in", text, StringComparison.Ordinal);
        Assert.DoesNotContain("<h1>Audit</h1>", await hidden.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    private static AuditLog Log(TestStore store, IDataProtectionProvider protection) =>
        new(store.Contexts, store.Services.GetRequiredService<WriteGate>(), protection, new TestClock());
}
