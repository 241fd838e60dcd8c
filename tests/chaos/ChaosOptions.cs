using System.Globalization;
using System.Security.Cryptography;

namespace Informer.Ai;

/// <summary>What a run was asked for.</summary>
/// <param name="Store">"sqlite" or "postgres".</param>
/// <param name="Only">The one round to play; null for all.</param>
/// <param name="TimeLimit">No round begins after it.</param>
/// <param name="Fault">The fault of every round; null to let chance choose.</param>
/// <param name="Write">Keep the figures in <c>docs/chaos</c>.</param>
internal sealed record ChaosOptions(
    string Store, int Rounds, int Seed, int? Only, TimeSpan? TimeLimit, string? Fault, bool Write)
{
    public const string Usage =
        "usage: chaos --store sqlite|postgres [--rounds N] [--seed S] [--round K] [--fault NAME] [--time-limit MINUTES] [--write]";

    private const int RoundsUsual = 20;

    /// <summary>Null when the arguments make no sense.</summary>
    public static ChaosOptions? Read(string[] arguments)
    {
        var options = new ChaosOptions("", RoundsUsual, RandomNumberGenerator.GetInt32(1_000_000), null, null, null, false);
        for (var at = 0; at < arguments.Length; at++)
        {
            var value = at + 1 < arguments.Length ? arguments[at + 1] : "";
            switch (arguments[at])
            {
                case "--write":
                    options = options with { Write = true };
                    continue;
                case "--store" when value is "sqlite" or "postgres":
                    options = options with { Store = value };
                    break;
                case "--fault" when value.Length > 0:
                    options = options with { Fault = value };
                    break;
                case "--rounds" when Number(value) is { } rounds:
                    options = options with { Rounds = rounds };
                    break;
                case "--seed" when Number(value) is { } seed:
                    options = options with { Seed = seed };
                    break;
                case "--round" when Number(value) is { } round:
                    options = options with { Only = round };
                    break;
                case "--time-limit" when Number(value) is { } minutes:
                    options = options with { TimeLimit = TimeSpan.FromMinutes(minutes) };
                    break;
                default:
                    return null;
            }

            at++;
        }

        return options.Store.Length == 0 ? null : options;
    }

    private static int? Number(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
