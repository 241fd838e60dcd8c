using System.Collections.Immutable;

namespace Informer.Ai.Models;

/// <summary>The models that every tenant begins with: five priced ones and the aliases that name their use.</summary>
internal static class CatalogSeed
{
    public static CatalogState Make(ManagedModelsOptions options, DateTimeOffset now)
    {
        var provider = new ProviderEntry("managed", options.ProviderName, options.ProviderType, true, null, now, now);
        return new CatalogState
        {
            Providers = [provider],
            Models =
            [
                Chat("everyday", "Everyday", options.Everyday, Tier.Everyday, "Low", new ModelPrices(0.10m, 0.40m, 0.025m), now),
                Chat("advanced", "Advanced", options.Advanced, Tier.Advanced, "Medium", new ModelPrices(0.40m, 1.60m, 0.10m), now),
                Chat("strategic", "Strategic", options.Strategic, Tier.Strategic, "High", new ModelPrices(2.00m, 8.00m, 0.50m), now),
                Alias("go_everyday", "Everyday", "everyday", Tier.Everyday, "Low", now),
                Alias("go_advanced", "Advanced", "advanced", Tier.Advanced, "Medium", now),
                Alias("go_strategic", "Strategic", "strategic", Tier.Strategic, "High", now),
                Entry("informer-embedding", "Embedding", options.Embedding, Tier.Everyday, "Low", new ModelPrices(0.02m, 0), now) with
                {
                    CreateEmbeddings = true,
                    ContextWindow = 8_191,
                    Dimensions = 256,
                },
                Entry("informer-image", "Image", options.Image, Tier.Advanced, "High", new ModelPrices(0, 0, ImagePrice: 0.04m), now) with
                {
                    GenerateImage = true,
                },
            ],
        };
    }

    private static ModelEntry Chat(
        string id, string name, string model, string tier, string pricingTier, ModelPrices prices, DateTimeOffset now) =>
        Entry(id, name, model, tier, pricingTier, prices, now) with
        {
            Chat = true,
            Tools = true,
            Attachments = true,
            ContextWindow = 128_000,
            MaxOutputTokens = 16_384,
            Internal = true,
        };

    private static ModelEntry Alias(string id, string name, string references, string tier, string pricingTier, DateTimeOffset now) =>
        Entry(id, name, "", tier, pricingTier, new ModelPrices(0, 0), now) with { ReferencesId = references, Chat = true, Tools = true };

    private static ModelEntry Entry(
        string id, string name, string model, string tier, string pricingTier, ModelPrices prices, DateTimeOffset now) => new(
        id, name, id, "", "managed", model, null, false, false, false, false, false, false, tier, pricingTier, 0, 0, prices, null, 0, false, false, null, ImmutableArray<string>.Empty, now, now);
}
