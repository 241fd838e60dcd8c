using Informer.Ai.Credits;
using Informer.Ai.Models;
using Informer.Ai.Requests;
using Microsoft.AspNetCore.Http;

namespace Informer.Ai.Usage;

/// <summary>The body that changes a usage profile; fields that are absent stay.</summary>
internal sealed class ProfileBody
{
    private const int NameMax = 200;
    private const int DescriptionMax = 2_000;

    private readonly Fields fields;

    private ProfileBody(Fields fields) => this.fields = fields;

    public static async ValueTask<ProfileBody?> BindAsync(HttpContext context)
    {
        var body = new ProfileBody(await JsonBody.Read(context));
        // Against nothing, only to find out what is wrong with the body before any grain is called.
        body.Apply(new UsageProfile("", "-", "", "", null, [], false, false, default, default), default);
        body.fields.Verify();
        return body;
    }

    /// <summary>The profile with what the body says.</summary>
    public UsageProfile Apply(UsageProfile profile, DateTimeOffset now) => profile with
    {
        Name = fields.RequiredText("name", NameMax, profile.Name),
        Description = fields.Text("description", DescriptionMax, profile.Description) ?? "",
        CreditCapPerMonth = fields.Whole("creditCapPerMonth", 0, CreditAmount.CreditsMax, profile.CreditCapPerMonth),
        AllowedTiers = fields.Texts("allowedModelTiers", profile.AllowedTiers, Tier.All),
        UpdatedAt = now,
    };
}

/// <summary>Changes a usage profile, as the API description shows it.</summary>
public sealed record ChangeProfileRequest(
    string? Name, string? Description, long? CreditCapPerMonth, string[]? AllowedModelTiers);
