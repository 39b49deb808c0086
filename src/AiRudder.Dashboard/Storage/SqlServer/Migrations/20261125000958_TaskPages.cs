using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace AiRudder.Dashboard.Storage.SqlServer.Migrations
{
    /// <inheritdoc />
    public partial class TaskPages : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<DateTimeOffset>(
                name: "ListSizeAt",
                table: "CallTasks",
                type: "datetimeoffset(3)",
                precision: 3,
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "ListSizeBy",
                table: "CallTasks",
                type: "nvarchar(256)",
                maxLength: 256,
                nullable: true,
                collation: "Latin1_General_100_BIN2");

            migrationBuilder.AddColumn<string>(
                name: "ListSizeFrom",
                table: "CallTasks",
                type: "nvarchar(300)",
                maxLength: 300,
                nullable: true,
                collation: "Latin1_General_100_BIN2");

            migrationBuilder.AddColumn<string>(
                name: "LastSaid",
                table: "Calls",
                type: "nvarchar(160)",
                maxLength: 160,
                nullable: true,
                collation: "Latin1_General_100_BIN2");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropColumn(
                name: "ListSizeAt",
                table: "CallTasks");

            migrationBuilder.DropColumn(
                name: "ListSizeBy",
                table: "CallTasks");

            migrationBuilder.DropColumn(
                name: "ListSizeFrom",
                table: "CallTasks");

            migrationBuilder.DropColumn(
                name: "LastSaid",
                table: "Calls");
        }
    }
}
