using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace AiRudder.Dashboard.Storage.Sqlite.Migrations
{
    /// <inheritdoc />
    [DbContext(typeof(SqliteDashboardDb))]
    [Migration("20261124231800_Recordings")]
    public partial class Recordings : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "PersonPreference",
                columns: table => new
                {
                    AccountId = table.Column<string>(type: "TEXT", maxLength: 200, nullable: false),
                    Name = table.Column<string>(type: "TEXT", maxLength: 64, nullable: false),
                    Value = table.Column<string>(type: "TEXT", maxLength: 200, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_PersonPreference", x => new { x.AccountId, x.Name });
                });

            migrationBuilder.CreateTable(
                name: "Recordings",
                columns: table => new
                {
                    CallId = table.Column<long>(type: "INTEGER", nullable: false),
                    ConnectionId = table.Column<int>(type: "INTEGER", nullable: false),
                    State = table.Column<int>(type: "INTEGER", nullable: false),
                    Reason = table.Column<string>(type: "TEXT", maxLength: 32, nullable: true),
                    Host = table.Column<string>(type: "TEXT", maxLength: 255, nullable: false),
                    LinkHash = table.Column<byte[]>(type: "BLOB", fixedLength: true, maxLength: 32, nullable: false),
                    CallAt = table.Column<long>(type: "INTEGER", nullable: false),
                    Attempts = table.Column<int>(type: "INTEGER", nullable: false),
                    NextAttemptAt = table.Column<long>(type: "INTEGER", nullable: true),
                    AgeSeconds = table.Column<long>(type: "INTEGER", nullable: true),
                    Validator = table.Column<string>(type: "TEXT", maxLength: 200, nullable: true),
                    File = table.Column<string>(type: "TEXT", maxLength: 100, nullable: true),
                    Key = table.Column<byte[]>(type: "BLOB", nullable: true),
                    ContentType = table.Column<string>(type: "TEXT", maxLength: 32, nullable: true),
                    Bytes = table.Column<long>(type: "INTEGER", nullable: true),
                    Sha256 = table.Column<byte[]>(type: "BLOB", fixedLength: true, maxLength: 32, nullable: true),
                    FetchedAt = table.Column<long>(type: "INTEGER", nullable: true),
                    Seconds = table.Column<double>(type: "REAL", nullable: true),
                    DrawAttempts = table.Column<int>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Recordings", x => x.CallId);
                    table.ForeignKey(
                        name: "FK_Recordings_Calls_CallId",
                        column: x => x.CallId,
                        principalTable: "Calls",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "RobotNudge",
                columns: table => new
                {
                    ConnectionId = table.Column<int>(type: "INTEGER", nullable: false),
                    RobotHash = table.Column<string>(type: "TEXT", maxLength: 100, nullable: false),
                    Seconds = table.Column<double>(type: "REAL", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_RobotNudge", x => new { x.ConnectionId, x.RobotHash });
                });

            migrationBuilder.CreateTable(
                name: "Waveforms",
                columns: table => new
                {
                    CallId = table.Column<long>(type: "INTEGER", nullable: false),
                    Seconds = table.Column<double>(type: "REAL", nullable: false),
                    Channels = table.Column<int>(type: "INTEGER", nullable: false),
                    Peaks = table.Column<byte[]>(type: "BLOB", nullable: false),
                    SilencesJson = table.Column<string>(type: "TEXT", nullable: false),
                    ByBrowser = table.Column<bool>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Waveforms", x => x.CallId);
                    table.ForeignKey(
                        name: "FK_Waveforms_Recordings_CallId",
                        column: x => x.CallId,
                        principalTable: "Recordings",
                        principalColumn: "CallId",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.InsertData(
                table: "Counters",
                columns: new[] { "Name", "Value" },
                columnTypes: new[] { "TEXT", "INTEGER" },
                values: new object[] { "recordings", 0L });

            migrationBuilder.CreateIndex(
                name: "IX_Recordings_File",
                table: "Recordings",
                column: "File");

            migrationBuilder.CreateIndex(
                name: "IX_Recordings_State_FetchedAt",
                table: "Recordings",
                columns: new[] { "State", "FetchedAt" });

            migrationBuilder.CreateIndex(
                name: "IX_Recordings_State_NextAttemptAt",
                table: "Recordings",
                columns: new[] { "State", "NextAttemptAt" });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "PersonPreference");

            migrationBuilder.DropTable(
                name: "RobotNudge");

            migrationBuilder.DropTable(
                name: "Waveforms");

            migrationBuilder.DropTable(
                name: "Recordings");

            migrationBuilder.DeleteData(
                table: "Counters",
                keyColumn: "Name",
                keyColumnType: "TEXT",
                keyValue: "recordings");
        }
    }
}
