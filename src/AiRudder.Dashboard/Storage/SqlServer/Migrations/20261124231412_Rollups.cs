using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace AiRudder.Dashboard.Storage.SqlServer.Migrations
{
    /// <inheritdoc />
    public partial class Rollups : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "RollupFacet",
                columns: table => new
                {
                    Kind = table.Column<int>(type: "int", nullable: false),
                    CallTaskId = table.Column<int>(type: "int", nullable: false),
                    Day = table.Column<int>(type: "int", nullable: false),
                    A = table.Column<int>(type: "int", nullable: false),
                    B = table.Column<int>(type: "int", nullable: false),
                    C = table.Column<int>(type: "int", nullable: false),
                    D = table.Column<int>(type: "int", nullable: false),
                    N = table.Column<long>(type: "bigint", nullable: false),
                    M = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_RollupFacet", x => new { x.Kind, x.CallTaskId, x.Day, x.A, x.B, x.C, x.D });
                });

            migrationBuilder.CreateTable(
                name: "RollupNumber",
                columns: table => new
                {
                    CallTaskId = table.Column<int>(type: "int", nullable: false),
                    Number = table.Column<long>(type: "bigint", nullable: false),
                    Quarter = table.Column<int>(type: "int", nullable: false),
                    LabelId = table.Column<int>(type: "int", nullable: false),
                    Calls = table.Column<long>(type: "bigint", nullable: false),
                    Connected = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_RollupNumber", x => new { x.CallTaskId, x.Number, x.Quarter, x.LabelId });
                });

            migrationBuilder.CreateTable(
                name: "RollupSet",
                columns: table => new
                {
                    Grain = table.Column<int>(type: "int", nullable: false),
                    Scope = table.Column<int>(type: "int", nullable: false),
                    Slot = table.Column<int>(type: "int", nullable: false),
                    SetId = table.Column<int>(type: "int", nullable: false),
                    Numbers = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_RollupSet", x => new { x.Grain, x.Scope, x.Slot, x.SetId });
                });

            migrationBuilder.CreateTable(
                name: "RollupState",
                columns: table => new
                {
                    ConnectionId = table.Column<int>(type: "int", nullable: false),
                    TimeZone = table.Column<string>(type: "nvarchar(100)", maxLength: 100, nullable: false, collation: "Latin1_General_100_BIN2"),
                    Version = table.Column<int>(type: "int", nullable: false),
                    Phase = table.Column<int>(type: "int", nullable: false),
                    Mark = table.Column<long>(type: "bigint", nullable: false),
                    End = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_RollupState", x => x.ConnectionId);
                });

            migrationBuilder.CreateTable(
                name: "RollupSum",
                columns: table => new
                {
                    Grain = table.Column<int>(type: "int", nullable: false),
                    Scope = table.Column<int>(type: "int", nullable: false),
                    Slot = table.Column<int>(type: "int", nullable: false),
                    Part = table.Column<int>(type: "int", nullable: false),
                    LabelId = table.Column<int>(type: "int", nullable: false),
                    Calls = table.Column<long>(type: "bigint", nullable: false),
                    Connected = table.Column<long>(type: "bigint", nullable: false),
                    DurationSeconds = table.Column<long>(type: "bigint", nullable: false),
                    DurationKnown = table.Column<long>(type: "bigint", nullable: false),
                    RobotTalkSeconds = table.Column<long>(type: "bigint", nullable: false),
                    RobotTalkKnown = table.Column<long>(type: "bigint", nullable: false),
                    ShortCalls = table.Column<long>(type: "bigint", nullable: false),
                    SilentCalls = table.Column<long>(type: "bigint", nullable: false),
                    Turns = table.Column<long>(type: "bigint", nullable: false),
                    TurnsKnown = table.Column<long>(type: "bigint", nullable: false),
                    TransferRequests = table.Column<long>(type: "bigint", nullable: false),
                    TransferSuccesses = table.Column<long>(type: "bigint", nullable: false),
                    TransferWaitSeconds = table.Column<long>(type: "bigint", nullable: false),
                    TransferWaitKnown = table.Column<long>(type: "bigint", nullable: false),
                    Contradictions = table.Column<long>(type: "bigint", nullable: false),
                    Attempts = table.Column<long>(type: "bigint", nullable: false),
                    ConnectedAttempts = table.Column<long>(type: "bigint", nullable: false),
                    RingSeconds = table.Column<long>(type: "bigint", nullable: false),
                    RingKnown = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_RollupSum", x => new { x.Grain, x.Scope, x.Slot, x.Part, x.LabelId });
                });

            migrationBuilder.CreateTable(
                name: "RollupTalk",
                columns: table => new
                {
                    ConnectionId = table.Column<int>(type: "int", nullable: false),
                    Day = table.Column<int>(type: "int", nullable: false),
                    Number = table.Column<long>(type: "bigint", nullable: false),
                    LabelId = table.Column<int>(type: "int", nullable: false),
                    Quarter = table.Column<int>(type: "int", nullable: false),
                    Connected = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_RollupTalk", x => new { x.ConnectionId, x.Day, x.Number, x.LabelId, x.Quarter });
                });

            migrationBuilder.CreateTable(
                name: "RollupTask",
                columns: table => new
                {
                    CallTaskId = table.Column<int>(type: "int", nullable: false),
                    ConnectionId = table.Column<int>(type: "int", nullable: false),
                    FirstDay = table.Column<int>(type: "int", nullable: false),
                    LastDay = table.Column<int>(type: "int", nullable: false),
                    Calls = table.Column<long>(type: "bigint", nullable: false),
                    Heard = table.Column<long>(type: "bigint", nullable: false),
                    Reached = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_RollupTask", x => x.CallTaskId);
                });

            migrationBuilder.CreateTable(
                name: "RollupTerm",
                columns: table => new
                {
                    Id = table.Column<int>(type: "int", nullable: false)
                        .Annotation("SqlServer:Identity", "1, 1"),
                    Kind = table.Column<int>(type: "int", nullable: false),
                    Identity = table.Column<byte[]>(type: "binary(16)", fixedLength: true, maxLength: 16, nullable: false),
                    ConnectionId = table.Column<int>(type: "int", nullable: false),
                    First = table.Column<string>(type: "nvarchar(max)", nullable: true, collation: "Latin1_General_100_BIN2"),
                    Second = table.Column<string>(type: "nvarchar(max)", nullable: true, collation: "Latin1_General_100_BIN2")
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
