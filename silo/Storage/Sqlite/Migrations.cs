using System.Globalization;

namespace Informer.Ai.Storage.Sqlite;

/// <summary>Brings a database's schema up to date with the numbered files embedded in the program.</summary>
public static class Migrations
{
    private const string Prefix = "sqlite/";

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
            var known = Embedded();
            RefuseNewer(applied, known[^1].Number);
            foreach (var (number, name) in known.Where(migration => migration.Number > applied))
            {
                session.Execute(Text(name));
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

    private static void RefuseNewer(long applied, long known)
    {
        if (applied > known)
        {
            throw new InvalidOperationException(
                $"The database has been changed by a newer version of this program (migration {applied}; this one "
                + $"knows {known}). Start that version, or restore a backup from before the upgrade.");
        }
    }

    private static List<(long Number, string Name)> Embedded() =>
        [.. typeof(Migrations).Assembly.GetManifestResourceNames()
            .Where(resource => resource.StartsWith(Prefix, StringComparison.Ordinal))
            .Select(resource => resource[Prefix.Length..])
            .Select(name => (long.Parse(name[..4], CultureInfo.InvariantCulture), name))
            .Order()];

    private static string Text(string name)
    {
        using var reader = new StreamReader(typeof(Migrations).Assembly.GetManifestResourceStream(Prefix + name)!);
        return reader.ReadToEnd();
    }
}
