using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

#pragma warning disable CA1814 // Prefer jagged arrays over multidimensional

namespace AiRudder.Dashboard.Storage.SqlServer.Migrations
{
    /// <inheritdoc />
    public partial class Alerts : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "Alert",
                columns: table => new
                {
                    Id = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("SqlServer:Identity", "1, 1"),
                    RuleId = table.Column<int>(type: "int", nullable: false),
                    ConnectionId = table.Column<int>(type: "int", nullable: false),
                    Subject = table.Column<int>(type: "int", nullable: false),
                    State = table.Column<int>(type: "int", nullable: false),
                    Name = table.Column<string>(type: "nvarchar(100)", maxLength: 100, nullable: false, collation: "Latin1_General_100_BIN2"),
                    Words = table.Column<string>(type: "nvarchar(400)", maxLength: 400, nullable: false, collation: "Latin1_General_100_BIN2"),
                    Value = table.Column<double>(type: "float", nullable: true),
                    N = table.Column<long>(type: "bigint", nullable: true),
                    OpenedAt = table.Column<DateTimeOffset>(type: "datetimeoffset(3)", precision: 3, nullable: false),
                    Quiet = table.Column<bool>(type: "bit", nullable: false),
                    Sound = table.Column<bool>(type: "bit", nullable: false),
                    Calls = table.Column<long>(type: "bigint", nullable: false),
                    AcknowledgedAt = table.Column<DateTimeOffset>(type: "datetimeoffset(3)", precision: 3, nullable: true),
                    AcknowledgedBy = table.Column<string>(type: "nvarchar(256)", maxLength: 256, nullable: true, collation: "Latin1_General_100_BIN2"),
                    ResolvedAt = table.Column<DateTimeOffset>(type: "datetimeoffset(3)", precision: 3, nullable: true),
                    ResolvedBy = table.Column<string>(type: "nvarchar(256)", maxLength: 256, nullable: true, collation: "Latin1_General_100_BIN2"),
                    Note = table.Column<string>(type: "nvarchar(max)", nullable: true, collation: "Latin1_General_100_BIN2")
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Alert", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "AlertCall",
                columns: table => new
                {
                    RuleId = table.Column<int>(type: "int", nullable: false),
                    CallId = table.Column<long>(type: "bigint", nullable: false),
                    AlertId = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_AlertCall", x => new { x.RuleId, x.CallId });
                });

            migrationBuilder.CreateTable(
                name: "AlertDesk",
                columns: table => new
                {
                    Id = table.Column<int>(type: "int", nullable: false),
                    Holder = table.Column<string>(type: "nvarchar(200)", maxLength: 200, nullable: false, collation: "Latin1_General_100_BIN2"),
                    Until = table.Column<DateTimeOffset>(type: "datetimeoffset(3)", precision: 3, nullable: false),
                    Sequence = table.Column<long>(type: "bigint", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_AlertDesk", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "AlertRule",
                columns: table => new
                {
                    Id = table.Column<int>(type: "int", nullable: false)
                        .Annotation("SqlServer:Identity", "1, 1"),
                    Name = table.Column<string>(type: "nvarchar(100)", maxLength: 100, nullable: false, collation: "Latin1_General_100_BIN2"),
                    Kind = table.Column<int>(type: "int", nullable: false),
                    Enabled = table.Column<bool>(type: "bit", nullable: false),
                    ConnectionId = table.Column<int>(type: "int", nullable: true),
                    Task = table.Column<string>(type: "nvarchar(200)", maxLength: 200, nullable: true, collation: "Latin1_General_100_BIN2"),
                    Robot = table.Column<string>(type: "nvarchar(200)", maxLength: 200, nullable: true, collation: "Latin1_General_100_BIN2"),
                    Figure = table.Column<string>(type: "nvarchar(64)", maxLength: 64, nullable: true, collation: "Latin1_General_100_BIN2"),
                    Window = table.Column<int>(type: "int", nullable: false),
                    Below = table.Column<bool>(type: "bit", nullable: false),
                    Threshold = table.Column<double>(type: "float", nullable: false),
                    Recover = table.Column<double>(type: "float", nullable: true),
                    LeastN = table.Column<long>(type: "bigint", nullable: false),
                    Provisional = table.Column<bool>(type: "bit", nullable: false),
                    HoldMinutes = table.Column<int>(type: "int", nullable: false),
                    PauseMinutes = table.Column<int>(type: "int", nullable: false),
                    DialFrom = table.Column<int>(type: "int", nullable: false),
                    DialTo = table.Column<int>(type: "int", nullable: false),
                    DialDays = table.Column<int>(type: "int", nullable: false),
                    Label = table.Column<string>(type: "nvarchar(200)", maxLength: 200, nullable: true, collation: "Latin1_General_100_BIN2"),
                    Word = table.Column<string>(type: "nvarchar(200)", maxLength: 200, nullable: true, collation: "Latin1_General_100_BIN2"),
                    Contradiction = table.Column<bool>(type: "bit", nullable: false),
                    QuietFrom = table.Column<int>(type: "int", nullable: false),
                    QuietTo = table.Column<int>(type: "int", nullable: false),
                    Sound = table.Column<bool>(type: "bit", nullable: false),
                    WebhookUrl = table.Column<string>(type: "nvarchar(500)", maxLength: 500, nullable: true, collation: "Latin1_General_100_BIN2"),
                    WebhookSecret = table.Column<string>(type: "nvarchar(1000)", maxLength: 1000, nullable: true, collation: "Latin1_General_100_BIN2"),
                    MailTo = table.Column<string>(type: "nvarchar(500)", maxLength: 500, nullable: true, collation: "Latin1_General_100_BIN2"),
                    ChangedAt = table.Column<DateTimeOffset>(type: "datetimeoffset(3)", precision: 3, nullable: false),
                    ChangedBy = table.Column<string>(type: "nvarchar(256)", maxLength: 256, nullable: false, collation: "Latin1_General_100_BIN2"),
                    BuiltIn = table.Column<bool>(type: "bit", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_AlertRule", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "AlertSending",
                columns: table => new
                {
                    Id = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("SqlServer:Identity", "1, 1"),
                    AlertId = table.Column<long>(type: "bigint", nullable: false),
                    RuleId = table.Column<int>(type: "int", nullable: false),
                    Kind = table.Column<int>(type: "int", nullable: false),
                    Event = table.Column<int>(type: "int", nullable: false),
                    CreatedAt = table.Column<DateTimeOffset>(type: "datetimeoffset(3)", precision: 3, nullable: false),
                    DueAt = table.Column<DateTimeOffset>(type: "datetimeoffset(3)", precision: 3, nullable: true),
                    Tries = table.Column<int>(type: "int", nullable: false),
                    SentAt = table.Column<DateTimeOffset>(type: "datetimeoffset(3)", precision: 3, nullable: true),
                    Failure = table.Column<string>(type: "nvarchar(300)", maxLength: 300, nullable: true, collation: "Latin1_General_100_BIN2")
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_AlertSending", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "AlertWatch",
                columns: table => new
                {
                    RuleId = table.Column<int>(type: "int", nullable: false),
                    ConnectionId = table.Column<int>(type: "int", nullable: false),
                    Subject = table.Column<int>(type: "int", nullable: false),
                    BeyondSince = table.Column<DateTimeOffset>(type: "datetimeoffset(3)", precision: 3, nullable: true),
                    WellSince = table.Column<DateTimeOffset>(type: "datetimeoffset(3)", precision: 3, nullable: true),
                    LastOpenedAt = table.Column<DateTimeOffset>(type: "datetimeoffset(3)", precision: 3, nullable: true),
                    EvaluatedAt = table.Column<DateTimeOffset>(type: "datetimeoffset(3)", precision: 3, nullable: false),
                    Finding = table.Column<string>(type: "nvarchar(400)", maxLength: 400, nullable: true, collation: "Latin1_General_100_BIN2")
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_AlertWatch", x => new { x.RuleId, x.ConnectionId, x.Subject });
                });

            migrationBuilder.InsertData(
                table: "AlertDesk",
                columns: new[] { "Id", "Holder", "Sequence", "Until" },
                values: new object[] { 1, "", null, new DateTimeOffset(new DateTime(1970, 1, 1, 0, 0, 0, 0, DateTimeKind.Unspecified), new TimeSpan(0, 0, 0, 0, 0)) });

            migrationBuilder.InsertData(
                table: "AlertRule",
                columns: new[] { "Id", "Below", "BuiltIn", "ChangedAt", "ChangedBy", "ConnectionId", "Contradiction", "DialDays", "DialFrom", "DialTo", "Enabled", "Figure", "HoldMinutes", "Kind", "Label", "LeastN", "MailTo", "Name", "PauseMinutes", "Provisional", "QuietFrom", "QuietTo", "Recover", "Robot", "Sound", "Task", "Threshold", "WebhookSecret", "WebhookUrl", "Window", "Word" },
                values: new object[,]
                {
                    { 1, true, true, new DateTimeOffset(new DateTime(1970, 1, 1, 0, 0, 0, 0, DateTimeKind.Unspecified), new TimeSpan(0, 0, 0, 0, 0)), "", null, false, 127, 0, 0, true, "storing", 0, 4, null, 0L, null, "Deliveries cannot be stored", 60, false, 0, 0, null, null, false, null, 0.0, null, null, 60, null },
                    { 2, true, true, new DateTimeOffset(new DateTime(1970, 1, 1, 0, 0, 0, 0, DateTimeKind.Unspecified), new TimeSpan(0, 0, 0, 0, 0)), "", null, false, 127, 0, 0, true, "quarantine", 0, 4, null, 0L, null, "Deliveries that cannot be understood", 60, false, 0, 0, null, null, false, null, 0.0, null, null, 60, null },
                    { 3, true, true, new DateTimeOffset(new DateTime(1970, 1, 1, 0, 0, 0, 0, DateTimeKind.Unspecified), new TimeSpan(0, 0, 0, 0, 0)), "", null, false, 127, 0, 0, true, "disk", 0, 4, null, 0L, null, "Disk nearly full", 60, false, 0, 0, null, null, false, null, 0.0, null, null, 60, null },
                    { 4, true, true, new DateTimeOffset(new DateTime(1970, 1, 1, 0, 0, 0, 0, DateTimeKind.Unspecified), new TimeSpan(0, 0, 0, 0, 0)), "", null, false, 127, 0, 0, true, "retired-token", 0, 4, null, 0L, null, "Retired webhook address used", 60, false, 0, 0, null, null, false, null, 0.0, null, null, 60, null },
                    { 5, true, true, new DateTimeOffset(new DateTime(1970, 1, 1, 0, 0, 0, 0, DateTimeKind.Unspecified), new TimeSpan(0, 0, 0, 0, 0)), "", null, false, 127, 0, 0, true, null, 30, 5, null, 50L, null, "Caller number is answered less than the others", 60, false, 0, 0, null, null, false, null, 0.59999999999999998, null, null, 60, null }
                });

            migrationBuilder.CreateIndex(
                name: "IX_Alert_RuleId_ConnectionId_Subject_Id",
                table: "Alert",
                columns: new[] { "RuleId", "ConnectionId", "Subject", "Id" });

            migrationBuilder.CreateIndex(
                name: "IX_Alert_State_Id",
                table: "Alert",
                columns: new[] { "State", "Id" });

            migrationBuilder.CreateIndex(
                name: "IX_AlertCall_AlertId",
                table: "AlertCall",
                column: "AlertId");

            migrationBuilder.CreateIndex(
                name: "IX_AlertSending_AlertId",
                table: "AlertSending",
                column: "AlertId");

            migrationBuilder.CreateIndex(
                name: "IX_AlertSending_DueAt",
                table: "AlertSending",
                column: "DueAt",
                filter: "\"DueAt\" IS NOT NULL");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "Alert");

            migrationBuilder.DropTable(
                name: "AlertCall");

            migrationBuilder.DropTable(
                name: "AlertDesk");

            migrationBuilder.DropTable(
                name: "AlertRule");

            migrationBuilder.DropTable(
                name: "AlertSending");

            migrationBuilder.DropTable(
                name: "AlertWatch");
        }
    }
}
