using System.Reflection;
using System.Text.RegularExpressions;
using Informer.Ai.Storage.Sqlite;
using Xunit;

namespace Informer.Ai.Storage;

/// <summary>The two engines are written side by side: whoever changes one is sent to the other.</summary>
public sealed partial class TwinTests
{
    // Membership of a cluster; the embedded mode is one process.
    private static readonly string[] PostgresOnly = ["0005_orleans.sql"];

    // SQLite is a function call away and Postgres a round trip.
    private static readonly string[] StepsOfABatch =
    [
        "Advance", "AppendEntry", "OpenHold", "ExtendHold", "CloseHold", "AppendEvent", "AddToRollup",
        "SetBudget", "Budget",
    ];

    private static readonly Assembly Program = typeof(SqliteDatabase).Assembly;

    [Theory]
    [InlineData("ChatSql")]
    [InlineData("CheckpointSql")]
    [InlineData("MemorySql")]
    [InlineData("AccountSql")]
    [InlineData("GrainStorageSql")]
    public void The_statements_of_both_engines_have_the_same_names(string name) =>
        Assert.Equal(Statements("Sqlite", name), Statements("Postgres", name));

    [Fact]
    public void A_batch_of_the_ledger_is_one_statement_in_Postgres_and_the_rest_has_the_same_names() =>
        Assert.Equal(
            Statements("Sqlite", "LedgerSql").Except(StepsOfABatch).Append("Commit").Order(StringComparer.Ordinal),
            Statements("Postgres", "LedgerSql"));

    [Fact]
    public void The_migrations_of_both_engines_have_the_same_numbers_and_names() =>
        Assert.Equal(Migrations("sqlite").Concat(PostgresOnly).Order(StringComparer.Ordinal), Migrations("postgres"));

    /// <summary>Postgres has a type for what SQLite needs a check for: true and false.</summary>
    [Fact]
    public void The_tables_of_both_engines_keep_the_same_named_invariants() =>
        Assert.Equal(
            Invariants("sqlite").Where(name => !name.EndsWith("_booleans", StringComparison.Ordinal) && !name.EndsWith("_boolean", StringComparison.Ordinal)),
            Invariants("postgres"));

    private static IEnumerable<string> Statements(string engine, string name) =>
        Program.GetType($"Informer.Ai.Storage.{engine}.{name}", throwOnError: true)!
            .GetFields(BindingFlags.Public | BindingFlags.Static)
            .Select(statement => statement.Name)
            .Order(StringComparer.Ordinal);

    private static IEnumerable<string> Migrations(string engine) => Program.GetManifestResourceNames()
        .Where(resource => resource.StartsWith(engine + "/", StringComparison.Ordinal))
        .Select(resource => resource[(engine.Length + 1)..])
        .Order(StringComparer.Ordinal);

    private static IEnumerable<string> Invariants(string engine) => Migrations(engine)
        .Except(PostgresOnly)
        .Select(file => new StreamReader(Program.GetManifestResourceStream($"{engine}/{file}")!).ReadToEnd())
        .SelectMany(sql => Constraint().Matches(sql))
        .Select(match => match.Groups[1].Value)
        .Order(StringComparer.Ordinal);

    [GeneratedRegex(@"CONSTRAINT\s+(\w+)")]
    private static partial Regex Constraint();
}
