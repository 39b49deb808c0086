using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace AiRudder.Dashboard.Storage.Sqlite.Migrations
{
    /// <inheritdoc />
    [DbContext(typeof(SqliteDashboardDb))]
    [Migration("20261124225114_FeedKnowledge")]
    public partial class FeedKnowledge : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "ReceivingGaps",
                columns: table => new
                {
                    Id = table.Column<int>(type: "INTEGER", nullable: false)
                        .Annotation("Sqlite:Autoincrement", true),
                    From = table.Column<long>(type: "INTEGER", nullable: false),
                    Until = table.Column<long>(type: "INTEGER", nullable: false),
                    Cause = table.Column<byte>(type: "INTEGER", nullable: false),
                    MayHaveLost = table.Column<bool>(type: "INTEGER", nullable: false),
                    State = table.Column<byte>(type: "INTEGER", nullable: false),
                    SettledBy = table.Column<string>(type: "TEXT", maxLength: 256, nullable: true),
                    SettledAt = table.Column<long>(type: "INTEGER", nullable: true),
                    Note = table.Column<string>(type: "TEXT", maxLength: 500, nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_ReceivingGaps", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "ReceivingSpans",
                columns: table => new
                {
                    Id = table.Column<long>(type: "INTEGER", nullable: false)
                        .Annotation("Sqlite:Autoincrement", true),
                    Node = table.Column<string>(type: "TEXT", maxLength: 200, nullable: false),
                    From = table.Column<long>(type: "INTEGER", nullable: false),
                    Until = table.Column<long>(type: "INTEGER", nullable: false),
                    Facts = table.Column<string>(type: "TEXT", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_ReceivingSpans", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "SchemaNovelties",
                columns: table => new
                {
                    Id = table.Column<int>(type: "INTEGER", nullable: false)
                        .Annotation("Sqlite:Autoincrement", true),
                    ConnectionId = table.Column<int>(type: "INTEGER", nullable: false),
                    Path = table.Column<string>(type: "TEXT", maxLength: 200, nullable: false),
                    JsonKind = table.Column<string>(type: "TEXT", maxLength: 16, nullable: false),
                    Value = table.Column<string>(type: "TEXT", maxLength: 64, nullable: false),
                    What = table.Column<byte>(type: "INTEGER", nullable: false),
                    FirstAt = table.Column<long>(type: "INTEGER", nullable: false),
                    LastAt = table.Column<long>(type: "INTEGER", nullable: false),
                    Count = table.Column<long>(type: "INTEGER", nullable: false),
                    DeliveryId = table.Column<long>(type: "INTEGER", nullable: false),
                    ExpectedAt = table.Column<long>(type: "INTEGER", nullable: true),
                    ExpectedBy = table.Column<string>(type: "TEXT", maxLength: 256, nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_SchemaNovelties", x => x.Id);
                });

            migrationBuilder.CreateIndex(
                name: "IX_Deliveries_QuarantinedCalls_Id",
                table: "Deliveries",
                columns: new[] { "QuarantinedCalls", "Id" },
                filter: "[QuarantinedCalls] > 0");

            migrationBuilder.CreateIndex(
                name: "IX_Deliveries_ConnectionId_ReceivedAt",
                table: "Deliveries",
                columns: new[] { "ConnectionId", "ReceivedAt" });

            migrationBuilder.CreateIndex(
                name: "IX_ReceivingSpans_Node_Id",
                table: "ReceivingSpans",
                columns: new[] { "Node", "Id" });

            migrationBuilder.CreateIndex(
                name: "IX_ReceivingSpans_Until",
                table: "ReceivingSpans",
                column: "Until");

            migrationBuilder.CreateIndex(
                name: "IX_SchemaNovelties_ConnectionId_Path_JsonKind_Value",
                table: "SchemaNovelties",
                columns: new[] { "ConnectionId", "Path", "JsonKind", "Value" },
                unique: true);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "ReceivingGaps");

            migrationBuilder.DropTable(
                name: "ReceivingSpans");

            migrationBuilder.DropTable(
                name: "SchemaNovelties");

            migrationBuilder.DropIndex(
                name: "IX_Deliveries_QuarantinedCalls_Id",
                table: "Deliveries");

            migrationBuilder.DropIndex(
                name: "IX_Deliveries_ConnectionId_ReceivedAt",
                table: "Deliveries");
        }
    }
}
