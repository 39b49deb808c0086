using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace AiRudder.Dashboard.Storage.Sqlite.Migrations
{
    /// <inheritdoc />
    [DbContext(typeof(SqliteDashboardDb))]
    [Migration("20261124231403_Rollups")]
    public partial class Rollups : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            // The key is the row: a second tree for it would double what is written.
            migrationBuilder.Sql(
                """
                CREATE TABLE "RollupFacet" ("Kind" INTEGER NOT NULL, "CallTaskId" INTEGER NOT NULL, "Day" INTEGER NOT NULL, "A" INTEGER NOT NULL,
                    "B" INTEGER NOT NULL, "C" INTEGER NOT NULL, "D" INTEGER NOT NULL, "N" INTEGER NOT NULL,
                    "M" INTEGER NOT NULL, CONSTRAINT "PK_RollupFacet" PRIMARY KEY ("Kind", "CallTaskId", "Day", "A", "B", "C", "D")) WITHOUT ROWID
                """);

            // The key is the row: a second tree for it would double what is written.
            migrationBuilder.Sql(
                """
                CREATE TABLE "RollupNumber" ("CallTaskId" INTEGER NOT NULL, "Number" INTEGER NOT NULL, "Quarter" INTEGER NOT NULL, "LabelId" INTEGER NOT NULL,
                    "Calls" INTEGER NOT NULL, "Connected" INTEGER NOT NULL, CONSTRAINT "PK_RollupNumber" PRIMARY KEY ("CallTaskId", "Number", "Quarter", "LabelId")) WITHOUT ROWID
                """);

            // The key is the row: a second tree for it would double what is written.
            migrationBuilder.Sql(
                """
                CREATE TABLE "RollupSet" ("Grain" INTEGER NOT NULL, "Scope" INTEGER NOT NULL, "Slot" INTEGER NOT NULL, "SetId" INTEGER NOT NULL,
                    "Numbers" INTEGER NOT NULL, CONSTRAINT "PK_RollupSet" PRIMARY KEY ("Grain", "Scope", "Slot", "SetId")) WITHOUT ROWID
                """);

            migrationBuilder.CreateTable(
                name: "RollupState",
                columns: table => new
                {
                    ConnectionId = table.Column<int>(type: "INTEGER", nullable: false),
                    TimeZone = table.Column<string>(type: "TEXT", maxLength: 100, nullable: false),
                    Version = table.Column<int>(type: "INTEGER", nullable: false),
                    Phase = table.Column<int>(type: "INTEGER", nullable: false),
                    Mark = table.Column<long>(type: "INTEGER", nullable: false),
                    End = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_RollupState", x => x.ConnectionId);
                });

            // The key is the row: a second tree for it would double what is written.
            migrationBuilder.Sql(
                """
                CREATE TABLE "RollupSum" ("Grain" INTEGER NOT NULL, "Scope" INTEGER NOT NULL, "Slot" INTEGER NOT NULL, "Part" INTEGER NOT NULL,
                    "LabelId" INTEGER NOT NULL, "Calls" INTEGER NOT NULL, "Connected" INTEGER NOT NULL, "DurationSeconds" INTEGER NOT NULL,
                    "DurationKnown" INTEGER NOT NULL, "RobotTalkSeconds" INTEGER NOT NULL, "RobotTalkKnown" INTEGER NOT NULL, "ShortCalls" INTEGER NOT NULL,
                    "SilentCalls" INTEGER NOT NULL, "Turns" INTEGER NOT NULL, "TurnsKnown" INTEGER NOT NULL, "TransferRequests" INTEGER NOT NULL,
                    "TransferSuccesses" INTEGER NOT NULL, "TransferWaitSeconds" INTEGER NOT NULL, "TransferWaitKnown" INTEGER NOT NULL, "Contradictions" INTEGER NOT NULL,
                    "Attempts" INTEGER NOT NULL, "ConnectedAttempts" INTEGER NOT NULL, "RingSeconds" INTEGER NOT NULL, "RingKnown" INTEGER NOT NULL,
                    CONSTRAINT "PK_RollupSum" PRIMARY KEY ("Grain", "Scope", "Slot", "Part", "LabelId")) WITHOUT ROWID
                """);

            // The key is the row: a second tree for it would double what is written.
            migrationBuilder.Sql(
                """
                CREATE TABLE "RollupTalk" ("ConnectionId" INTEGER NOT NULL, "Day" INTEGER NOT NULL, "Number" INTEGER NOT NULL, "LabelId" INTEGER NOT NULL,
                    "Quarter" INTEGER NOT NULL, "Connected" INTEGER NOT NULL, CONSTRAINT "PK_RollupTalk" PRIMARY KEY ("ConnectionId", "Day", "Number", "LabelId", "Quarter")) WITHOUT ROWID
                """);

            migrationBuilder.CreateTable(
                name: "RollupTask",
                columns: table => new
                {
                    CallTaskId = table.Column<int>(type: "INTEGER", nullable: false),
                    ConnectionId = table.Column<int>(type: "INTEGER", nullable: false),
                    FirstDay = table.Column<int>(type: "INTEGER", nullable: false),
                    LastDay = table.Column<int>(type: "INTEGER", nullable: false),
                    Calls = table.Column<long>(type: "INTEGER", nullable: false),
                    Heard = table.Column<long>(type: "INTEGER", nullable: false),
                    Reached = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_RollupTask", x => x.CallTaskId);
                });

            migrationBuilder.CreateTable(
                name: "RollupTerm",
                columns: table => new
                {
                    Id = table.Column<int>(type: "INTEGER", nullable: false)
                        .Annotation("Sqlite:Autoincrement", true),
                    Kind = table.Column<int>(type: "INTEGER", nullable: false),
                    Identity = table.Column<byte[]>(type: "BLOB", fixedLength: true, maxLength: 16, nullable: false),
                    ConnectionId = table.Column<int>(type: "INTEGER", nullable: false),
                    First = table.Column<string>(type: "TEXT", nullable: true),
                    Second = table.Column<string>(type: "TEXT", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_RollupTerm", x => x.Id);
                });

            migrationBuilder.CreateIndex(
                name: "IX_Landings_CallTaskId_LandedAt",
                table: "Landings",
                columns: new[] { "CallTaskId", "LandedAt" });

            migrationBuilder.CreateIndex(
                name: "IX_RollupTask_ConnectionId_LastDay",
                table: "RollupTask",
                columns: new[] { "ConnectionId", "LastDay" });

            migrationBuilder.CreateIndex(
                name: "IX_RollupTerm_Identity",
                table: "RollupTerm",
                column: "Identity",
                unique: true);

            // Calls that are stored already are counted when the server starts.
            migrationBuilder.Sql("""INSERT INTO "RollupState" ("ConnectionId", "TimeZone", "Version", "Phase", "Mark", "End") SELECT "Id", "TimeZone", 0, 1, 0, 0 FROM "Connections" """);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "RollupFacet");

            migrationBuilder.DropTable(
                name: "RollupNumber");

            migrationBuilder.DropTable(
                name: "RollupSet");

            migrationBuilder.DropTable(
                name: "RollupState");

            migrationBuilder.DropTable(
                name: "RollupSum");

            migrationBuilder.DropTable(
                name: "RollupTalk");

            migrationBuilder.DropTable(
                name: "RollupTask");

            migrationBuilder.DropTable(
                name: "RollupTerm");

            migrationBuilder.DropIndex(
                name: "IX_Landings_CallTaskId_LandedAt",
                table: "Landings");
        }
    }
}
