using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace AiRudder.Dashboard.Storage.Sqlite.Migrations
{
    /// <inheritdoc />
    [DbContext(typeof(SqliteDashboardDb))]
    [Migration("20261124234117_CallLists")]
    public partial class CallLists : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<int>(
                name: "TalkOrder",
                table: "Calls",
                type: "INTEGER",
                nullable: false,
                computedColumnSql: "COALESCE(\"DurationSeconds\", -1)",
                stored: false);

            migrationBuilder.CreateTable(
                name: "CallListChoices",
                columns: table => new
                {
                    AccountId = table.Column<string>(type: "TEXT", maxLength: 200, nullable: false),
                    Columns = table.Column<string>(type: "TEXT", maxLength: 400, nullable: true),
                    DefaultView = table.Column<int>(type: "INTEGER", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_CallListChoices", x => x.AccountId);
                });

            migrationBuilder.CreateTable(
                name: "ExportJobs",
                columns: table => new
                {
                    Id = table.Column<int>(type: "INTEGER", nullable: false)
                        .Annotation("Sqlite:Autoincrement", true),
                    AccountId = table.Column<string>(type: "TEXT", maxLength: 200, nullable: false),
                    Format = table.Column<int>(type: "INTEGER", nullable: false),
                    Query = table.Column<string>(type: "TEXT", maxLength: 4000, nullable: false),
                    Columns = table.Column<string>(type: "TEXT", maxLength: 1000, nullable: false),
                    Ids = table.Column<string>(type: "TEXT", nullable: true),
                    Reveal = table.Column<bool>(type: "INTEGER", nullable: false),
                    State = table.Column<int>(type: "INTEGER", nullable: false),
                    Rows = table.Column<int>(type: "INTEGER", nullable: false),
                    Capped = table.Column<bool>(type: "INTEGER", nullable: false),
                    Failure = table.Column<string>(type: "TEXT", maxLength: 32, nullable: true),
                    File = table.Column<string>(type: "TEXT", maxLength: 100, nullable: true),
                    Node = table.Column<string>(type: "TEXT", maxLength: 200, nullable: true),
                    AskedAt = table.Column<long>(type: "INTEGER", nullable: false),
                    EndedAt = table.Column<long>(type: "INTEGER", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_ExportJobs", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "SavedViews",
                columns: table => new
                {
                    Id = table.Column<int>(type: "INTEGER", nullable: false)
                        .Annotation("Sqlite:Autoincrement", true),
                    AccountId = table.Column<string>(type: "TEXT", maxLength: 200, nullable: false),
                    Name = table.Column<string>(type: "TEXT", maxLength: 80, nullable: false),
                    Query = table.Column<string>(type: "TEXT", maxLength: 2000, nullable: false),
                    Columns = table.Column<string>(type: "TEXT", maxLength: 400, nullable: true),
                    Shared = table.Column<bool>(type: "INTEGER", nullable: false),
                    ChangedAt = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_SavedViews", x => x.Id);
                });

            migrationBuilder.InsertData(
                table: "Counters",
                columns: new[] { "Name", "Value" },
                columnTypes: new[] { "TEXT", "INTEGER" },
                values: new object[] { "transcripts", 0L });

            migrationBuilder.CreateIndex(
                name: "IX_Calls_ReceivedAt",
                table: "Calls",
                column: "ReceivedAt");

            migrationBuilder.CreateIndex(
                name: "IX_Calls_TalkOrder",
                table: "Calls",
                column: "TalkOrder");

            migrationBuilder.CreateIndex(
                name: "IX_ExportJobs_AccountId_AskedAt",
                table: "ExportJobs",
                columns: new[] { "AccountId", "AskedAt" });

            migrationBuilder.CreateIndex(
                name: "IX_ExportJobs_State_Id",
                table: "ExportJobs",
                columns: new[] { "State", "Id" });

            migrationBuilder.CreateIndex(
                name: "IX_SavedViews_AccountId",
                table: "SavedViews",
                column: "AccountId");

            migrationBuilder.CreateIndex(
                name: "IX_SavedViews_Shared",
                table: "SavedViews",
                column: "Shared");

            // What was said, in pieces of three letters; it holds no text of its own. Calls that landed before are read in the background.
            migrationBuilder.Sql(
                """
                CREATE VIRTUAL TABLE "CallWords" USING fts5(said, summary, content='', contentless_delete=1, tokenize='trigram remove_diacritics 1');
                """);
            migrationBuilder.Sql("""CREATE TABLE "CallWordsChanged" ("CallId" INTEGER NOT NULL PRIMARY KEY);""");
            migrationBuilder.Sql(
                """
                CREATE TRIGGER "CallDetails_Gone" AFTER DELETE ON "CallDetails" BEGIN
                    DELETE FROM "CallWords" WHERE rowid = OLD."CallId";
                    DELETE FROM "CallWordsChanged" WHERE "CallId" = OLD."CallId";
                END;
                """);
            migrationBuilder.Sql(
                """
                CREATE TRIGGER "CallDetails_Said" AFTER UPDATE OF "TurnsJson", "Summary" ON "CallDetails"
                WHEN OLD."TurnsJson" IS NOT NEW."TurnsJson" OR OLD."Summary" IS NOT NEW."Summary" BEGIN
                    INSERT OR IGNORE INTO "CallWordsChanged" ("CallId") VALUES (NEW."CallId");
                END;
                """);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.Sql("""DROP TRIGGER "CallDetails_Said";""");
            migrationBuilder.Sql("""DROP TRIGGER "CallDetails_Gone";""");
            migrationBuilder.Sql("""DROP TABLE "CallWordsChanged";""");
            migrationBuilder.Sql("""DROP TABLE "CallWords";""");

            migrationBuilder.DropTable(
                name: "CallListChoices");

            migrationBuilder.DropTable(
                name: "ExportJobs");

            migrationBuilder.DropTable(
                name: "SavedViews");

            migrationBuilder.DropIndex(
                name: "IX_Calls_ReceivedAt",
                table: "Calls");

            migrationBuilder.DropIndex(
                name: "IX_Calls_TalkOrder",
                table: "Calls");

            migrationBuilder.DeleteData(
                table: "Counters",
                keyColumn: "Name",
                keyColumnType: "TEXT",
                keyValue: "transcripts");

            migrationBuilder.DropColumn(
                name: "TalkOrder",
                table: "Calls");
        }
    }
}
