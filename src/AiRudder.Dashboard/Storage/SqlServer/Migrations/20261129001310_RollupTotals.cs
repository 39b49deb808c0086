using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace AiRudder.Dashboard.Storage.SqlServer.Migrations
{
    /// <inheritdoc />
    public partial class RollupTotals : Migration
    {
        /// <summary>The sums whatever the label are those of all labels: adding them up takes seconds where counting the calls anew takes an hour.</summary>
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.Sql(
                """
                INSERT INTO "RollupSum" ("Grain", "Scope", "Slot", "Part", "LabelId",
                    "Calls", "Connected", "DurationSeconds", "DurationKnown", "RobotTalkSeconds", "RobotTalkKnown",
                    "ShortCalls", "SilentCalls", "Turns", "TurnsKnown", "TransferRequests", "TransferSuccesses",
                    "TransferWaitSeconds", "TransferWaitKnown", "Contradictions", "Attempts", "ConnectedAttempts", "RingSeconds",
                    "RingKnown", "ConnectedTransfers")
                SELECT CASE "Grain" WHEN 1 THEN 7 WHEN 2 THEN 8 ELSE 9 END, "Scope", "Slot", "Part", 0,
                    SUM("Calls"), SUM("Connected"), SUM("DurationSeconds"), SUM("DurationKnown"), SUM("RobotTalkSeconds"), SUM("RobotTalkKnown"),
                    SUM("ShortCalls"), SUM("SilentCalls"), SUM("Turns"), SUM("TurnsKnown"), SUM("TransferRequests"), SUM("TransferSuccesses"),
                    SUM("TransferWaitSeconds"), SUM("TransferWaitKnown"), SUM("Contradictions"), SUM("Attempts"), SUM("ConnectedAttempts"), SUM("RingSeconds"),
                    SUM("RingKnown"), SUM("ConnectedTransfers")
                FROM "RollupSum"
                WHERE "Grain" IN (1, 2, 5)
                GROUP BY "Grain", "Scope", "Slot", "Part"
                """);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder) => migrationBuilder.Sql("""DELETE FROM "RollupSum" WHERE "Grain" IN (7, 8, 9)""");
    }
}
