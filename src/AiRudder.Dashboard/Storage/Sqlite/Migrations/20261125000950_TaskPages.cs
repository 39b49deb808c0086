using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace AiRudder.Dashboard.Storage.Sqlite.Migrations
{
    /// <inheritdoc />
    [DbContext(typeof(SqliteDashboardDb))]
    [Migration("20261125000950_TaskPages")]
    public partial class TaskPages : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<long>(
                name: "ListSizeAt",
                table: "CallTasks",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "ListSizeBy",
                table: "CallTasks",
                type: "TEXT",
                maxLength: 256,
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "ListSizeFrom",
                table: "CallTasks",
                type: "TEXT",
                maxLength: 300,
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "LastSaid",
                table: "Calls",
                type: "TEXT",
                maxLength: 160,
                nullable: true);
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
