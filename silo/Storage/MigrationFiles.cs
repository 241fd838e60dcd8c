using System.Globalization;

namespace Informer.Ai.Storage;

/// <summary>The numbered migrations of one engine, embedded in the program as <c>engine/000N_name.sql</c>.</summary>
internal sealed class MigrationFiles(string engine)
{
    private readonly string _prefix = engine + "/";

    /// <summary>What is missing after the last applied number, in the order to apply it.</summary>
    /// <exception cref="InvalidOperationException">A newer program has already changed the database.</exception>
    public IReadOnlyList<(long Number, string Name, string Sql)> After(long applied)
    {
        var all = typeof(MigrationFiles).Assembly.GetManifestResourceNames()
            .Where(resource => resource.StartsWith(_prefix, StringComparison.Ordinal))
            .Select(resource => resource[_prefix.Length..])
            .Select(name => (Number: long.Parse(name[..4], CultureInfo.InvariantCulture), Name: name))
            .Order()
            .ToList();
        var known = all.Count == 0 ? 0 : all[^1].Number;
        if (applied > known)
        {
            throw new InvalidOperationException(
                $"The database has been changed by a newer version of this program (migration {applied}; this one "
                + $"knows {known}). Start that version, or restore a backup from before the upgrade.");
        }

        return [.. all.Where(file => file.Number > applied).Select(file => (file.Number, file.Name, Text(file.Name)))];
    }

    private string Text(string name)
    {
        using var reader = new StreamReader(typeof(MigrationFiles).Assembly.GetManifestResourceStream(_prefix + name)!);
        return reader.ReadToEnd();
    }
}
