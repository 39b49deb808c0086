using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

#pragma warning disable CA1814 // Prefer jagged arrays over multidimensional

namespace AiRudder.Dashboard.Storage.Sqlite.Migrations
{
    /// <inheritdoc />
    [DbContext(typeof(SqliteDashboardDb))]
    [Migration("20261124235120_Alerts")]
    public partial class Alerts : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "Alert",
                columns: table => new
                {
                    Id = table.Column<long>(type: "INTEGER", nullable: false)
                        .Annotation("Sqlite:Autoincrement", true),
                    RuleId = table.Column<int>(type: "INTEGER", nullable: false),
                    ConnectionId = table.Column<int>(type: "INTEGER", nullable: false),
                    Subject = table.Column<int>(type: "INTEGER", nullable: false),
                    State = table.Column<int>(type: "INTEGER", nullable: false),
                    Name = table.Column<string>(type: "TEXT", maxLength: 100, nullable: false),
                    Words = table.Column<string>(type: "TEXT", maxLength: 400, nullable: false),
                    Value = table.Column<double>(type: "REAL", nullable: true),
                    N = table.Column<long>(type: "INTEGER", nullable: true),
                    OpenedAt = table.Column<long>(type: "INTEGER", nullable: false),
                    Quiet = table.Column<bool>(type: "INTEGER", nullable: false),
                    Sound = table.Column<bool>(type: "INTEGER", nullable: false),
                    Calls = table.Column<long>(type: "INTEGER", nullable: false),
                    AcknowledgedAt = table.Column<long>(type: "INTEGER", nullable: true),
                    AcknowledgedBy = table.Column<string>(type: "TEXT", maxLength: 256, nullable: true),
                    ResolvedAt = table.Column<long>(type: "INTEGER", nullable: true),
                    ResolvedBy = table.Column<string>(type: "TEXT", maxLength: 256, nullable: true),
                    Note = table.Column<string>(type: "TEXT", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Alert", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "AlertCall",
                columns: table => new
                {
                    RuleId = table.Column<int>(type: "INTEGER", nullable: false),
                    CallId = table.Column<long>(type: "INTEGER", nullable: false),
                    AlertId = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_AlertCall", x => new { x.RuleId, x.CallId });
                });

            migrationBuilder.CreateTable(
                name: "AlertDesk",
                columns: table => new
                {
                    Id = table.Column<int>(type: "INTEGER", nullable: false),
                    Holder = table.Column<string>(type: "TEXT", maxLength: 200, nullable: false),
                    Until = table.Column<long>(type: "INTEGER", nullable: false),
                    Sequence = table.Column<long>(type: "INTEGER", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_AlertDesk", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "AlertRule",
                columns: table => new
                {
                    Id = table.Column<int>(type: "INTEGER", nullable: false)
                        .Annotation("Sqlite:Autoincrement", true),
                    Name = table.Column<string>(type: "TEXT", maxLength: 100, nullable: false),
                    Kind = table.Column<int>(type: "INTEGER", nullable: false),
                    Enabled = table.Column<bool>(type: "INTEGER", nullable: false),
                    ConnectionId = table.Column<int>(type: "INTEGER", nullable: true),
                    Task = table.Column<string>(type: "TEXT", maxLength: 200, nullable: true),
                    Robot = table.Column<string>(type: "TEXT", maxLength: 200, nullable: true),
                    Figure = table.Column<string>(type: "TEXT", maxLength: 64, nullable: true),
                    Window = table.Column<int>(type: "INTEGER", nullable: false),
                    Below = table.Column<bool>(type: "INTEGER", nullable: false),
                    Threshold = table.Column<double>(type: "REAL", nullable: false),
                    Recover = table.Column<double>(type: "REAL", nullable: true),
                    LeastN = table.Column<long>(type: "INTEGER", nullable: false),
                    Provisional = table.Column<bool>(type: "INTEGER", nullable: false),
                    HoldMinutes = table.Column<int>(type: "INTEGER", nullable: false),
                    PauseMinutes = table.Column<int>(type: "INTEGER", nullable: false),
                    DialFrom = table.Column<int>(type: "INTEGER", nullable: false),
                    DialTo = table.Column<int>(type: "INTEGER", nullable: false),
                    DialDays = table.Column<int>(type: "INTEGER", nullable: false),
                    Label = table.Column<string>(type: "TEXT", maxLength: 200, nullable: true),
                    Word = table.Column<string>(type: "TEXT", maxLength: 200, nullable: true),
                    Contradiction = table.Column<bool>(type: "INTEGER", nullable: false),
                    QuietFrom = table.Column<int>(type: "INTEGER", nullable: false),
                    QuietTo = table.Column<int>(type: "INTEGER", nullable: false),
                    Sound = table.Column<bool>(type: "INTEGER", nullable: false),
                    WebhookUrl = table.Column<string>(type: "TEXT", maxLength: 500, nullable: true),
                    WebhookSecret = table.Column<string>(type: "TEXT", maxLength: 1000, nullable: true),
                    MailTo = table.Column<string>(type: "TEXT", maxLength: 500, nullable: true),
                    ChangedAt = table.Column<long>(type: "INTEGER", nullable: false),
                    ChangedBy = table.Column<string>(type: "TEXT", maxLength: 256, nullable: false),
                    BuiltIn = table.Column<bool>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_AlertRule", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "AlertSending",
                columns: table => new
                {
                    Id = table.Column<long>(type: "INTEGER", nullable: false)
                        .Annotation("Sqlite:Autoincrement", true),
                    AlertId = table.Column<long>(type: "INTEGER", nullable: false),
                    RuleId = table.Column<int>(type: "INTEGER", nullable: false),
                    Kind = table.Column<int>(type: "INTEGER", nullable: false),
                    Event = table.Column<int>(type: "INTEGER", nullable: false),
                    CreatedAt = table.Column<long>(type: "INTEGER", nullable: false),
                    DueAt = table.Column<long>(type: "INTEGER", nullable: true),
                    Tries = table.Column<int>(type: "INTEGER", nullable: false),
                    SentAt = table.Column<long>(type: "INTEGER", nullable: true),
                    Failure = table.Column<string>(type: "TEXT", maxLength: 300, nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_AlertSending", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "AlertWatch",
                columns: table => new
                {
                    RuleId = table.Column<int>(type: "INTEGER", nullable: false),
                    ConnectionId = table.Column<int>(type: "INTEGER", nullable: false),
                    Subject = table.Column<int>(type: "INTEGER", nullable: false),
                    BeyondSince = table.Column<long>(type: "INTEGER", nullable: true),
                    WellSince = table.Column<long>(type: "INTEGER", nullable: true),
                    LastOpenedAt = table.Column<long>(type: "INTEGER", nullable: true),
                    EvaluatedAt = table.Column<long>(type: "INTEGER", nullable: false),
                    Finding = table.Column<string>(type: "TEXT", maxLength: 400, nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_AlertWatch", x => new { x.RuleId, x.ConnectionId, x.Subject });
                });

            migrationBuilder.InsertData(
                table: "AlertDesk",
                columns: new[] { "Id", "Holder", "Sequence", "Until" },
                columnTypes: new[] { "INTEGER", "TEXT", "INTEGER", "INTEGER" },
                values: new object[] { 1, "", null, 0L });

            migrationBuilder.InsertData(
                table: "AlertRule",
                columns: new[] { "Id", "Below", "BuiltIn", "ChangedAt", "ChangedBy", "ConnectionId", "Contradiction", "DialDays", "DialFrom", "DialTo", "Enabled", "Figure", "HoldMinutes", "Kind", "Label", "LeastN", "MailTo", "Name", "PauseMinutes", "Provisional", "QuietFrom", "QuietTo", "Recover", "Robot", "Sound", "Task", "Threshold", "WebhookSecret", "WebhookUrl", "Window", "Word" },
                columnTypes: new[] { "INTEGER", "INTEGER", "INTEGER", "INTEGER", "TEXT", "INTEGER", "INTEGER", "INTEGER", "INTEGER", "INTEGER", "INTEGER", "TEXT", "INTEGER", "INTEGER", "TEXT", "INTEGER", "TEXT", "TEXT", "INTEGER", "INTEGER", "INTEGER", "INTEGER", "REAL", "TEXT", "INTEGER", "TEXT", "REAL", "TEXT", "TEXT", "INTEGER", "TEXT" },
                values: new object[,]
                {
                    { 1, true, true, 0L, "", null, false, 127, 0, 0, true, "storing", 0, 4, null, 0L, null, "Deliveries cannot be stored", 60, false, 0, 0, null, null, false, null, 0.0, null, null, 60, null },
                    { 2, true, true, 0L, "", null, false, 127, 0, 0, true, "quarantine", 0, 4, null, 0L, null, "Deliveries that cannot be understood", 60, false, 0, 0, null, null, false, null, 0.0, null, null, 60, null },
                    { 3, true, true, 0L, "", null, false, 127, 0, 0, true, "disk", 0, 4, null, 0L, null, "Disk nearly full", 60, false, 0, 0, null, null, false, null, 0.0, null, null, 60, null },
                    { 4, true, true, 0L, "", null, false, 127, 0, 0, true, "retired-token", 0, 4, null, 0L, null, "Retired webhook address used", 60, false, 0, 0, null, null, false, null, 0.0, null, null, 60, null },
                    { 5, true, true, 0L, "", null, false, 127, 0, 0, true, null, 30, 5, null, 50L, null, "Caller number is answered less than the others", 60, false, 0, 0, null, null, false, null, 0.59999999999999998, null, null, 60, null }
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
