using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace AiRudder.Dashboard.Storage.SqlServer.Migrations
{
    /// <inheritdoc />
    public partial class BigDeliveries : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<int>(
                name: "Run",
                table: "Deliveries",
                type: "int",
                nullable: false,
                defaultValue: 0);

            migrationBuilder.AddColumn<DateTimeOffset>(
                name: "RunBeatAt",
                table: "Deliveries",
                type: "datetimeoffset(3)",
                precision: 3,
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "SourcesJson",
                table: "CallTasks",
                type: "nvarchar(max)",
                nullable: false,
                defaultValue: "{}",
                collation: "Latin1_General_100_BIN2");

            migrationBuilder.AddColumn<long>(
                name: "StagedBy",
                table: "Calls",
                type: "bigint",
                nullable: true);

            migrationBuilder.CreateIndex(
                name: "IX_Calls_StagedBy",
                table: "Calls",
                column: "StagedBy",
                filter: "\"StagedBy\" IS NOT NULL");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "IX_Calls_StagedBy",
                table: "Calls");

            migrationBuilder.DropColumn(
                name: "Run",
                table: "Deliveries");

            migrationBuilder.DropColumn(
                name: "RunBeatAt",
                table: "Deliveries");

            migrationBuilder.DropColumn(
                name: "SourcesJson",
                table: "CallTasks");

            migrationBuilder.DropColumn(
                name: "StagedBy",
                table: "Calls");
        }
    }
}
