using Microsoft.SqlServer.TransactSql.ScriptDom;

namespace AiRudder.Dashboard.Tests.Support;

/// <summary>SQL Server's grammar (of 2019), for machines that have no server.</summary>
public static class TSql
{
    public static void AssertParses(string sql)
    {
        using var text = new StringReader(sql);
        new TSql150Parser(initialQuotedIdentifiers: true).Parse(text, out var errors);
        Assert.True(errors.Count == 0, string.Join('\n', errors.Select(error => $"line {error.Line}, column {error.Column}: {error.Message}")) + "\n\n" + sql);
    }
}
