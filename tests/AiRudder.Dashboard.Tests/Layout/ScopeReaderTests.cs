using AiRudder.Dashboard.Calls;
using AiRudder.Dashboard.Connections;
using AiRudder.Dashboard.Intentions;
using AiRudder.Dashboard.Layout;
using AiRudder.Dashboard.Tests.Support;
using Microsoft.AspNetCore.WebUtilities;

namespace AiRudder.Dashboard.Tests.Layout;

public sealed class ScopeReaderTests
{
    private static readonly Connection Jakarta = new() { Id = 1, Name = "Pinjaman & Cepat", TimeZone = "Asia/Jakarta" };
    private static readonly Connection Mexico = new() { Id = 2, Name = "Cobranza", TimeZone = "America/Mexico_City" };

    private readonly TestClock clock = new(); // 23:59 UTC on 14 March: already the 15th in Jakarta

    private PageScope Read(string query, params Connection[] connections) => new ScopeReader(null!, clock).Read("http://localhost/tasks" + query, connections);

    [Fact]
    public void Read_NothingSaid_IsTodayOfTheConnection()
    {
        var scope = Read("", Jakarta);

        Assert.Equal((new DateOnly(2026, 3, 15), true, "Asia/Jakarta"), (scope.From, scope.IsToday, scope.Zone));
        Assert.Equal("/tasks", scope.Link("/tasks"));
        Assert.Equal("/calls?from=2026-03-15&to=2026-03-15", scope.Calls());
    }

    [Fact]
    public void Read_ConnectionAndDays_StayInEveryLink()
    {
        var scope = Read("?connection=pinjaman%20%26%20cepat&from=2026-03-01&to=2026-03-07&sort=x", Jakarta, Mexico);

        Assert.Same(Jakarta, scope.Chosen);
        Assert.Equal("/intentions?from=2026-03-01&to=2026-03-07&connection=Pinjaman%20%26%20Cepat", scope.Link("/intentions"));
        Assert.True(scope.Includes(1));
        Assert.False(scope.Includes(2));
    }

    [Fact]
    public void Read_SeveralZones_SaysSo() => Assert.Equal((true, "each in its own zone"), (Read("", Jakarta, Mexico).SeveralZones, Read("", Jakarta, Mexico).Zone));

    [Theory]
    [InlineData("?from=2026-03-20&to=2026-03-01")]
    [InlineData("?from=tomorrow")]
    [InlineData("?connection=nobody")]
    public void Read_WhatCannotBeMeant_IsSaidAndShownAsToday(string query)
    {
        var scope = Read(query, Jakarta);

        Assert.NotNull(scope.Problem);
        Assert.True(scope.IsToday);
    }

    [Fact]
    public void Link_BehindEveryFigure_IsReadBackTheSame()
    {
        var scope = Read("?connection=Cobranza&from=2026-03-01&to=2026-03-07", Jakarta, Mexico);
        Func<CallFilter, CallFilter>[] narrowings =
        [
            filter => filter,
            filter => filter with { Connected = true, Transferred = false },
            filter => filter with { Meaning = Meaning.RightParty, Task = "a/b?c=ü&d", Robot = "r+1" },
            filter => filter with { Label = CallFilter.NoLabel, Flag = CallFlags.Contradiction },
            filter => filter with { RingType = "out of area", HangupType = "ByCallee" },
        ];

        Assert.All(narrowings, narrow =>
        {
            var (filter, errors) = CallFilter.Parse(QueryHelpers.ParseQuery(scope.Calls(narrow)["/calls".Length..]));
            Assert.Empty(errors);
            Assert.Equal(narrow(scope.Filter), filter);
        });
    }

    [Fact]
    public void Scope_ReadAgain_IsTheSameUnlessAnythingShownChanged()
    {
        Assert.Equal(Read("", Jakarta), Read("?sort=name", new Connection { Id = 1, Name = Jakarta.Name, TimeZone = Jakarta.TimeZone }));
        Assert.NotEqual(Read("", Jakarta), Read("", Jakarta, Mexico));
        var before = Read("", Jakarta);
        clock.Now += TimeSpan.FromDays(1);
        Assert.NotEqual(before, Read("", Jakarta));
    }
}
