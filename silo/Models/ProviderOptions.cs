using System.ComponentModel.DataAnnotations;
using System.Net;

namespace Informer.Ai.Models;

/// <summary>How providers are reached; section <c>Informer:Providers</c>.</summary>
public sealed class ProviderOptions : IValidatableObject
{
    /// <summary>
    /// Networks that the tenants' own providers may be in although they are not public, such as "10.20.0.0/16". Empty:
    /// none, a tenant's address reaches public servers alone.
    /// </summary>
    public IList<string> AllowedNetworks { get; } = [];

    /// <summary>The tenants' own providers may be reached without TLS.</summary>
    public bool AllowHttp { get; set; }

    /// <summary>A connection that is not there after so long has failed.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:01:00")]
    public TimeSpan ConnectTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How often a call that the provider did not serve is sent again.</summary>
    [Range(0, 5)]
    public int RetriesMax { get; set; } = 2;

    /// <summary>The longest wait before a repetition; a provider that asks for a longer one is not asked again.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:00:30")]
    public TimeSpan RetryWaitMax { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>
    /// A provider is left alone for a while when at least so many calls in <see cref="BreakerWindow"/> have ended and
    /// half of them failed.
    /// </summary>
    [Range(2, 1_000_000)]
    public int BreakerCallsMin { get; set; } = 20;

    /// <summary>The time over which failures are counted.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00")]
    public TimeSpan BreakerWindow { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>For how long it is left alone.</summary>
    [Range(typeof(TimeSpan), "00:00:00.5", "00:10:00")]
    public TimeSpan BreakerPause { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Calls of one of the tenants' providers that a process makes at once.</summary>
    [Range(1, 1_000_000)]
    public int CallsMax { get; set; } = 200;

    /// <summary>Calls of the operator's provider that a process makes at once.</summary>
    [Range(1, 1_000_000)]
    public int ManagedCallsMax { get; set; } = 10_000;

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext) => AllowedNetworks
        .Where(network => !IPNetwork.TryParse(network, out _))
        .Select(network => new ValidationResult(
            $"Informer:Providers:AllowedNetworks: {network} is not a network such as 10.20.0.0/16.", [nameof(AllowedNetworks)]));
}
