using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace AiRudder.Dashboard.Storage.Sqlite.Migrations
{
    /// <inheritdoc />
    [DbContext(typeof(SqliteDashboardDb))]
    [Migration("20261125021319_Audit")]
    public partial class Audit : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "AuditEntries",
                columns: table => new
                {
                    Id = table.Column<long>(type: "INTEGER", nullable: false),
                    At = table.Column<long>(type: "INTEGER", nullable: false),
                    Who = table.Column<string>(type: "TEXT", maxLength: 200, nullable: false),
                    Action = table.Column<string>(type: "TEXT", maxLength: 32, nullable: false),
                    Target = table.Column<string>(type: "TEXT", maxLength: 100, nullable: false),
                    Detail = table.Column<string>(type: "TEXT", maxLength: 400, nullable: true),
                    Source = table.Column<string>(type: "TEXT", maxLength: 64, nullable: true),
                    Session = table.Column<string>(type: "TEXT", maxLength: 16, nullable: true),
                    Outcome = table.Column<string>(type: "TEXT", maxLength: 16, nullable: false),
                    Previous = table.Column<byte[]>(type: "BLOB", maxLength: 32, nullable: false),
                    Seal = table.Column<byte[]>(type: "BLOB", maxLength: 32, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_AuditEntries", x => x.Id);
                });

            migrationBuilder.InsertData(
                table: "Counters",
                columns: new[] { "Name", "Value" },
                columnTypes: new[] { "TEXT", "INTEGER" },
                values: new object[] { "audit", 0L });

            migrationBuilder.CreateIndex(
                name: "IX_AuditEntries_Target_Id",
                table: "AuditEntries",
                columns: new[] { "Target", "Id" });

            migrationBuilder.CreateIndex(
                name: "IX_AuditEntries_Who_Id",
                table: "AuditEntries",
                columns: new[] { "Who", "Id" });

            // Entries are only ever added; after a year, which is the least that they are kept, they may go.
            migrationBuilder.Sql(
                """
                CREATE TRIGGER "AuditEntries_Unchanged" BEFORE UPDATE ON "AuditEntries"
                BEGIN SELECT RAISE(ABORT, 'entries of the audit are never changed'); END
                """);
            migrationBuilder.Sql(
                """
                CREATE TRIGGER "AuditEntries_Kept" BEFORE DELETE ON "AuditEntries"
                WHEN OLD."At" > (CAST(strftime('%s', 'now') AS INTEGER) - 31536000) * 1000
                BEGIN SELECT RAISE(ABORT, 'entries of the audit are kept for a year at least'); END
                """);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "AuditEntries");

            migrationBuilder.DeleteData(
                table: "Counters",
                keyColumn: "Name",
                keyColumnType: "TEXT",
                keyValue: "audit");
        }
    }
}
