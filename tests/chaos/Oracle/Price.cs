namespace Informer.Ai.Oracle;

/// <summary>What the seeded models cost, reckoned apart from the program.</summary>
internal static class Price
{
    /// <summary>Micro-credits: prices are dollars a million tokens, a dollar is a hundred credits.</summary>
    public static long Of(string model, long input, long output, long cacheRead = 0) => model switch
    {
        "everyday" => Rounded((input * 10m) + (output * 40m) + (cacheRead * 2.5m)),
        "advanced" => Rounded((input * 40m) + (output * 160m) + (cacheRead * 10m)),
        _ => throw new ArgumentOutOfRangeException(nameof(model), model, "A model without a price."),
    };

    private static long Rounded(decimal microCredits) => (long)Math.Ceiling(microCredits);
}
