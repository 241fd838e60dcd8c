using Informer.Ai.Requests;
using Microsoft.AspNetCore.Http;

namespace Informer.Ai.Models;

/// <summary>The body that makes a provider. Not a record: its text form must not show the key.</summary>
internal sealed class NewProviderBody
{
    private NewProviderBody(string name, string type, string? baseUrl, string apiKey) =>
        (Name, Type, BaseUrl, ApiKey) = (name, type, baseUrl, apiKey);

    public string Name { get; }

    public string Type { get; }

    public string? BaseUrl { get; }

    public string ApiKey { get; }

    public Uri Address => ProviderType.AddressOf(Type, BaseUrl)!;

    public static async ValueTask<NewProviderBody?> BindAsync(HttpContext context)
    {
        var fields = await JsonBody.Read(context);
        var name = fields.RequiredText("name", ProviderFields.NameMax);
        var type = fields.Choice("type", null, [.. ProviderType.All.Select(known => known.Name)]);
        var baseUrl = ProviderFields.BaseUrl(fields);
        var key = ProviderFields.ApiKey(fields);
        if (type is null)
        {
            fields.Refuse("type", "type is required.");
        }
        else if (baseUrl is null && ProviderType.Find(type) is { BaseUrl: null })
        {
            fields.Refuse("baseUrl", $"baseUrl is required for {type}.");
        }

        if (key is null && fields.Value("credential") is null)
        {
            fields.Refuse("credential", "credential is required.");
        }

        fields.Verify();
        return new NewProviderBody(name, type!, baseUrl, key!);
    }
}

/// <summary>The body that changes a provider; fields that are absent stay. Not a record: its text form must not show the key.</summary>
internal sealed class ProviderChangeBody
{
    private readonly string? _name;
    private readonly string? _type;
    private readonly string? _baseUrl;
    private readonly bool _baseUrlNamed;
    private readonly bool _credentialNamed;
    private readonly string? _apiKey;

    private ProviderChangeBody(Fields fields)
    {
        _name = fields.Value("name") is null ? null : fields.RequiredText("name", ProviderFields.NameMax);
        _type = fields.Choice("type", null, [.. ProviderType.All.Select(known => known.Name)]);
        _baseUrl = ProviderFields.BaseUrl(fields);
        _baseUrlNamed = fields.Find("baseUrl") is not null;
        _apiKey = ProviderFields.ApiKey(fields);
        _credentialNamed = fields.Find("credential") is not null;
    }

    /// <summary>It brings a key.</summary>
    public bool BringsKey => _apiKey is not null;

    public static async ValueTask<ProviderChangeBody?> BindAsync(HttpContext context)
    {
        var fields = await JsonBody.Read(context);
        var body = new ProviderChangeBody(fields);
        fields.Verify();
        return body;
    }

    /// <summary>The field that does not fit the provider, and why; null when all of them do.</summary>
    public (string Path, string Message)? Fault(ProviderEntry provider) =>
        _type is not null && _type != provider.Type
            ? ("type", "The type of a provider does not change. Make another one.")
            : _baseUrlNamed && ProviderType.AddressOf(provider.Type, _baseUrl) is null
                ? ("baseUrl", $"baseUrl is required for {provider.Type}.")
                : null;

    /// <summary>The change of that provider, with the key sealed for the address that it will have.</summary>
    public ProviderChange For(ProviderEntry provider, CredentialSeal seal) => new(
        provider.Id,
        _name,
        _baseUrlNamed,
        _baseUrl,
        _credentialNamed,
        _apiKey is { } key
            ? seal.Close(provider.Tenant, provider.Id, ProviderType.AddressOf(provider.Type, _baseUrlNamed ? _baseUrl : provider.BaseUrl)!, key)
            : null);
}

/// <summary>Makes a provider, as the API description shows it.</summary>
public sealed record CreateProviderRequest(string Name, string Type, string? BaseUrl, CredentialRequest Credential);

/// <summary>Changes a provider, as the API description shows it: absent fields stay, a credential of null is taken away.</summary>
public sealed record ChangeProviderRequest(string? Name, string? BaseUrl, CredentialRequest? Credential);

/// <summary>A key, as the API description shows it; it is never returned.</summary>
public sealed record CredentialRequest(string Type, string ApiKey);
