namespace Informer.Ai.Storage.Sqlite;

/// <summary>Brings a database's schema up to date with the numbered files embedded in the program.</summary>
public static class Migrations
{
    private static readonly MigrationFiles Files = new("sqlite");

    /// <summary>Applies what is missing, all of it or nothing.</summary>
    /// <exception cref="InvalidOperationException">A newer program has already changed the database.</exception>
    public static void Apply(SqliteSession session, TimeProvider time)
    {
        session.Execute("BEGIN IMMEDIATE");
        try
        {
            session.Execute(
                """
                CREATE TABLE IF NOT EXISTS schema_migration (
                    number     INTEGER NOT NULL PRIMARY KEY,
                    name       TEXT    NOT NULL,
                    applied_at INTEGER NOT NULL
                ) STRICT
                """);
            var applied = session.Number("SELECT coalesce(max(number), 0) FROM schema_migration");
            foreach (var (number, name, sql) in Files.After(applied))
            {
                session.Execute(sql);
                session.Execute(
                    "INSERT INTO schema_migration (number, name, applied_at) VALUES (@number, @name, @now)",
                    ("@number", number),
                    ("@name", name),
                    ("@now", time.GetUtcNow().ToMicroseconds()));
            }

            session.Execute("COMMIT");
        }
        catch
        {
            session.Execute("ROLLBACK");
            throw;
        }
    }
}
