using System.Text.RegularExpressions;
using Informer.Ai.Requests;
using Microsoft.AspNetCore.Http;

namespace Informer.Ai.Models;

/// <summary>
/// The body that makes or changes a model. A field that is absent keeps what is there; what the service decides,
/// such as ids and times, is not read from it.
/// </summary>
internal sealed partial class ModelBody
{
    private const int NameMax = 200;
    private const int DescriptionMax = 2_000;
    private const int TokensMax = 100_000_000;
    private const int DimensionsMax = 65_536;
    private const int ScoreMax = 1_000;
    private const decimal PriceMax = 1_000_000;

    private static readonly string[] PricingTiers = ["Low", "Medium", "High", "Very High"];

    private readonly Fields fields;

    private ModelBody(Fields fields) => this.fields = fields;

    public static async ValueTask<ModelBody?> BindAsync(HttpContext context) => new(await JsonBody.Read(context));

    /// <summary>A new model.</summary>
    /// <exception cref="Errors.RequestException">Something in the body is wrong.</exception>
    public ModelEntry Make(string id, DateTimeOffset now)
    {
        var name = fields.RequiredText("name", NameMax);
        var other = fields.Flag("createEmbeddings", false) || fields.Flag("generateImage", false);
        var slug = NotInSlug().Replace(name.ToLowerInvariant(), "-").Trim('-');
        return Change(
            new ModelEntry(
                id, name, slug.Length is > 0 and <= 100 ? slug : id, "", "managed", "", null, Chat: !other, false, false, false, false, false,
                Tier.Everyday, "Medium", 0, 0, new ModelPrices(0, 0), null, 0, false, false, null, [], now, now),
            now,
            making: true);
    }

    /// <summary>The model with what the body says.</summary>
    /// <exception cref="Errors.RequestException">Something in the body is wrong.</exception>
    public ModelEntry Change(ModelEntry model, DateTimeOffset now) => Change(model, now, making: false);

    private ModelEntry Change(ModelEntry model, DateTimeOffset now, bool making)
    {
        var references = fields.Text("referencesId", NameMax, model.ReferencesId);
        var changed = model with
        {
            Name = fields.RequiredText("name", NameMax, model.Name),
            Slug = fields.RequiredText("slug", NameMax, model.Slug),
            Description = fields.Text("description", DescriptionMax, model.Description) ?? "",
            ProviderId = fields.RequiredText("providerId", NameMax, model.ProviderId),
            Model = fields.Text("model", NameMax, model.Model) ?? "",
            ReferencesId = string.IsNullOrEmpty(references) ? null : references,
            Chat = fields.Flag("chat", model.Chat),
            Web = fields.Flag("web", model.Web),
            GenerateImage = fields.Flag("generateImage", model.GenerateImage),
            Attachments = fields.Flag("attachments", model.Attachments),
            CreateEmbeddings = fields.Flag("createEmbeddings", model.CreateEmbeddings),
            Tools = fields.Flag("tools", model.Tools),
            Tier = fields.Choice("tier", model.Tier, Tier.All)!,
            PricingTier = fields.Choice("pricingTier", model.PricingTier, PricingTiers)!,
            ContextWindow = Count("contextWindow", TokensMax, model.ContextWindow),
            MaxOutputTokens = Count("maxOutputTokens", TokensMax, model.MaxOutputTokens),
            Dimensions = (int?)fields.Whole("dimensions", 1, DimensionsMax, model.Dimensions),
            Score = Count("score", ScoreMax, model.Score),
            Moderated = fields.Flag("moderated", model.Moderated),
            Internal = fields.Flag("internal", model.Internal),
            DeprecatedAt = fields.Time("deprecatedAt", model.DeprecatedAt),
            FallbackIds = fields.Texts("fallbackIds", model.FallbackIds),
            UpdatedAt = now,
        };
        changed = changed with { Prices = Prices(model, changed, making) };
        Check(changed);
        fields.Verify();
        return changed;
    }

    // What a model can do has a price before it can be used: the one of a kind that is new to it must be said.
    private ModelPrices Prices(ModelEntry before, ModelEntry model, bool making)
    {
        bool New(bool had, bool has) => model.ReferencesId is null && has && (making || !had || before.ReferencesId is not null);

        var input = New(before.Chat || before.CreateEmbeddings, model.Chat || model.CreateEmbeddings);
        var prompt = Price("promptPpm", before.Prices.PromptPpm, input);
        return new ModelPrices(
            prompt,
            Price("completionPpm", before.Prices.CompletionPpm, New(before.Chat, model.Chat)),
            // Unless told otherwise, a cached token is one of the prompt.
            Price("cacheReadPpm", input ? prompt : before.Prices.CacheReadPpm, required: false),
            Price("cacheWriteShortPpm", input ? prompt : before.Prices.CacheWriteShortPpm, required: false),
            Price("cacheWriteLongPpm", input ? prompt : before.Prices.CacheWriteLongPpm, required: false),
            Price("imagePrice", before.Prices.ImagePrice, New(before.GenerateImage, model.GenerateImage)));
    }

    private decimal Price(string name, decimal absent, bool required)
    {
        if (required && fields.Find(name) is null)
        {
            fields.Refuse(name, $"{name} is required: a model is priced, in US dollars, before it can be used.");
        }

        return fields.Number(name, 0, PriceMax, absent);
    }

    private void Check(ModelEntry model)
    {
        if (!Slug().IsMatch(model.Slug))
        {
            fields.Refuse("slug", "slug must be 1 to 100 letters, digits, points, colons, hyphens or underscores, and begin with a letter or digit.");
        }

        if (model.ReferencesId is not null)
        {
            return;
        }

        if (model.Model.Length == 0)
        {
            fields.Refuse("model", "model is required: the provider's own name of it. An alias has referencesId in its place.");
        }

        if (!model.Chat && !model.CreateEmbeddings && !model.GenerateImage)
        {
            fields.Refuse("chat", "A model must be for at least one of chat, createEmbeddings and generateImage.");
        }
    }

    private int Count(string name, int max, int absent) => (int)(fields.Whole(name, 0, max, absent) ?? 0);

    [GeneratedRegex("^[A-Za-z0-9][A-Za-z0-9._:-]{0,99}$", RegexOptions.NonBacktracking)]
    private static partial Regex Slug();

    [GeneratedRegex("[^a-z0-9]+", RegexOptions.NonBacktracking)]
    private static partial Regex NotInSlug();
}

/// <summary>Makes or changes a model, as the API description shows it.</summary>
public sealed record SaveModelRequest(
    string? Name, string? Slug, string? Description, string? ProviderId, string? Model, string? ReferencesId, bool? Chat,
    bool? Web, bool? GenerateImage, bool? Attachments, bool? CreateEmbeddings, bool? Tools, string? Tier, string? PricingTier,
    int? ContextWindow, int? MaxOutputTokens, decimal? PromptPpm, decimal? CompletionPpm, decimal? CacheReadPpm,
    decimal? CacheWriteShortPpm, decimal? CacheWriteLongPpm, decimal? ImagePrice, int? Dimensions, int? Score, bool? Moderated,
    bool? Internal, DateTimeOffset? DeprecatedAt, string[]? FallbackIds);
