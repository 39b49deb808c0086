using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace AiRudder.Dashboard.Storage.SqlServer.Migrations
{
    /// <inheritdoc />
    public partial class Recordings : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "PersonPreference",
                columns: table => new
                {
                    AccountId = table.Column<string>(type: "nvarchar(200)", maxLength: 200, nullable: false, collation: "Latin1_General_100_BIN2"),
                    Name = table.Column<string>(type: "nvarchar(64)", maxLength: 64, nullable: false, collation: "Latin1_General_100_BIN2"),
                    Value = table.Column<string>(type: "nvarchar(200)", maxLength: 200, nullable: false, collation: "Latin1_General_100_BIN2")
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_PersonPreference", x => new { x.AccountId, x.Name });
                });

            migrationBuilder.CreateTable(
                name: "Recordings",
                columns: table => new
                {
                    CallId = table.Column<long>(type: "bigint", nullable: false),
                    ConnectionId = table.Column<int>(type: "int", nullable: false),
                    State = table.Column<int>(type: "int", nullable: false),
                    Reason = table.Column<string>(type: "nvarchar(32)", maxLength: 32, nullable: true, collation: "Latin1_General_100_BIN2"),
                    Host = table.Column<string>(type: "nvarchar(255)", maxLength: 255, nullable: false, collation: "Latin1_General_100_BIN2"),
                    LinkHash = table.Column<byte[]>(type: "binary(32)", fixedLength: true, maxLength: 32, nullable: false),
                    CallAt = table.Column<DateTimeOffset>(type: "datetimeoffset(3)", precision: 3, nullable: false),
                    Attempts = table.Column<int>(type: "int", nullable: false),
                    NextAttemptAt = table.Column<DateTimeOffset>(type: "datetimeoffset(3)", precision: 3, nullable: true),
                    AgeSeconds = table.Column<long>(type: "bigint", nullable: true),
                    Validator = table.Column<string>(type: "nvarchar(200)", maxLength: 200, nullable: true, collation: "Latin1_General_100_BIN2"),
                    File = table.Column<string>(type: "nvarchar(100)", maxLength: 100, nullable: true, collation: "Latin1_General_100_BIN2"),
                    Key = table.Column<byte[]>(type: "varbinary(max)", nullable: true),
                    ContentType = table.Column<string>(type: "nvarchar(32)", maxLength: 32, nullable: true, collation: "Latin1_General_100_BIN2"),
                    Bytes = table.Column<long>(type: "bigint", nullable: true),
                    Sha256 = table.Column<byte[]>(type: "binary(32)", fixedLength: true, maxLength: 32, nullable: true),
                    FetchedAt = table.Column<DateTimeOffset>(type: "datetimeoffset(3)", precision: 3, nullable: true),
                    Seconds = table.Column<double>(type: "float", nullable: true),
                    DrawAttempts = table.Column<int>(type: "int", nullable: false)
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
                    ConnectionId = table.Column<int>(type: "int", nullable: false),
                    RobotHash = table.Column<string>(type: "nvarchar(100)", maxLength: 100, nullable: false, collation: "Latin1_General_100_BIN2"),
                    Seconds = table.Column<double>(type: "float", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_RobotNudge", x => new { x.ConnectionId, x.RobotHash });
                });

            migrationBuilder.CreateTable(
                name: "Waveforms",
                columns: table => new
                {
                    CallId = table.Column<long>(type: "bigint", nullable: false),
                    Seconds = table.Column<double>(type: "float", nullable: false),
                    Channels = table.Column<int>(type: "int", nullable: false),
                    Peaks = table.Column<byte[]>(type: "varbinary(max)", nullable: false),
                    SilencesJson = table.Column<string>(type: "nvarchar(max)", nullable: false, collation: "Latin1_General_100_BIN2"),
                    ByBrowser = table.Column<bool>(type: "bit", nullable: false)
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
                keyValue: "recordings");
        }
    }
}
