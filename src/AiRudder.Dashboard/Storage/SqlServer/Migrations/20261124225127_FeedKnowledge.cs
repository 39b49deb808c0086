using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace AiRudder.Dashboard.Storage.SqlServer.Migrations
{
    /// <inheritdoc />
    public partial class FeedKnowledge : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "ReceivingGaps",
                columns: table => new
                {
                    Id = table.Column<int>(type: "int", nullable: false)
                        .Annotation("SqlServer:Identity", "1, 1"),
                    From = table.Column<DateTimeOffset>(type: "datetimeoffset(3)", precision: 3, nullable: false),
                    Until = table.Column<DateTimeOffset>(type: "datetimeoffset(3)", precision: 3, nullable: false),
                    Cause = table.Column<byte>(type: "tinyint", nullable: false),
                    MayHaveLost = table.Column<bool>(type: "bit", nullable: false),
                    State = table.Column<byte>(type: "tinyint", nullable: false),
                    SettledBy = table.Column<string>(type: "nvarchar(256)", maxLength: 256, nullable: true, collation: "Latin1_General_100_BIN2"),
                    SettledAt = table.Column<DateTimeOffset>(type: "datetimeoffset(3)", precision: 3, nullable: true),
                    Note = table.Column<string>(type: "nvarchar(500)", maxLength: 500, nullable: true, collation: "Latin1_General_100_BIN2")
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_ReceivingGaps", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "ReceivingSpans",
                columns: table => new
                {
                    Id = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("SqlServer:Identity", "1, 1"),
                    Node = table.Column<string>(type: "nvarchar(200)", maxLength: 200, nullable: false, collation: "Latin1_General_100_BIN2"),
                    From = table.Column<DateTimeOffset>(type: "datetimeoffset(3)", precision: 3, nullable: false),
                    Until = table.Column<DateTimeOffset>(type: "datetimeoffset(3)", precision: 3, nullable: false),
                    Facts = table.Column<string>(type: "nvarchar(max)", nullable: false, collation: "Latin1_General_100_BIN2")
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_ReceivingSpans", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "SchemaNovelties",
                columns: table => new
                {
                    Id = table.Column<int>(type: "int", nullable: false)
                        .Annotation("SqlServer:Identity", "1, 1"),
                    ConnectionId = table.Column<int>(type: "int", nullable: false),
                    Path = table.Column<string>(type: "nvarchar(200)", maxLength: 200, nullable: false, collation: "Latin1_General_100_BIN2"),
                    JsonKind = table.Column<string>(type: "nvarchar(16)", maxLength: 16, nullable: false, collation: "Latin1_General_100_BIN2"),
                    Value = table.Column<string>(type: "nvarchar(64)", maxLength: 64, nullable: false, collation: "Latin1_General_100_BIN2"),
                    What = table.Column<byte>(type: "tinyint", nullable: false),
                    FirstAt = table.Column<DateTimeOffset>(type: "datetimeoffset(3)", precision: 3, nullable: false),
                    LastAt = table.Column<DateTimeOffset>(type: "datetimeoffset(3)", precision: 3, nullable: false),
                    Count = table.Column<long>(type: "bigint", nullable: false),
                    DeliveryId = table.Column<long>(type: "bigint", nullable: false),
                    ExpectedAt = table.Column<DateTimeOffset>(type: "datetimeoffset(3)", precision: 3, nullable: true),
                    ExpectedBy = table.Column<string>(type: "nvarchar(256)", maxLength: 256, nullable: true, collation: "Latin1_General_100_BIN2")
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
