using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace AiRudder.Dashboard.Storage.Sqlite.Migrations
{
    /// <inheritdoc />
    [DbContext(typeof(SqliteDashboardDb))]
    [Migration("20261124223212_BigDeliveries")]
    public partial class BigDeliveries : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<int>(
                name: "Run",
                table: "Deliveries",
                type: "INTEGER",
                nullable: false,
                defaultValue: 0);

            migrationBuilder.AddColumn<long>(
                name: "RunBeatAt",
                table: "Deliveries",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "SourcesJson",
                table: "CallTasks",
                type: "TEXT",
                nullable: false,
                defaultValue: "{}");

            migrationBuilder.AddColumn<long>(
                name: "StagedBy",
                table: "Calls",
                type: "INTEGER",
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
