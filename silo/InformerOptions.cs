using System.ComponentModel.DataAnnotations;

namespace Informer.Ai;

/// <summary>How this process takes part; section <c>Informer</c>.</summary>
public sealed class InformerOptions
{
    /// <summary>Which parts of the service run in this process: "all" is the web and the grains.</summary>
    [AllowedValues("all", ErrorMessage = "Informer:Role must be \"all\": this version runs everything in each process.")]
    public string Role { get; set; } = "all";

    /// <summary>"Embedded": one process that needs nothing else. "Cluster": many on one Postgres.</summary>
    [AllowedValues("Embedded", "Cluster", ErrorMessage = "Informer:Mode must be \"Embedded\" or \"Cluster\".")]
    public string Mode { get; set; } = "Embedded";

    /// <summary>Where the embedded store and the process's own files live; made if it is not there.</summary>
    [Required(ErrorMessage = "Informer:DataDirectory must name a directory.")]
    public string DataDirectory { get; set; } = "./data";

    /// <summary>How long running streams may go on after SIGTERM before they are cut and settled, in seconds.</summary>
    [Range(0, 3600, ErrorMessage = "Informer:DrainSeconds must be between 0 and 3600.")]
    public int DrainSeconds { get; set; } = 30;

    /// <summary>Credits that the demo tenant is granted at the first start.</summary>
    [Range(1, 1_000_000_000, ErrorMessage = "Informer:BootstrapCredits must be between 1 and 1000000000.")]
    public long BootstrapCredits { get; set; } = 50_000;

    /// <summary>The demo tenant's licence includes its own provider keys.</summary>
    public bool BootstrapByok { get; set; } = true;

    /// <summary>Processes of the same id find each other.</summary>
    [Required(ErrorMessage = "Informer:ClusterId must name the cluster, the same in each of its processes.")]
    public string ClusterId { get; set; } = "informer-ai";

    /// <summary>Names what is kept; never changes.</summary>
    [Required(ErrorMessage = "Informer:ServiceId must name the service, the same for ever.")]
    public string ServiceId { get; set; } = "informer-ai";

    /// <summary>Where the other processes of the cluster reach this one.</summary>
    [Range(1, 65535, ErrorMessage = "Informer:SiloPort must be a port between 1 and 65535.")]
    public int SiloPort { get; set; } = 11_111;

    /// <summary>Where processes without grains will reach this one.</summary>
    [Range(1, 65535, ErrorMessage = "Informer:OrleansGatewayPort must be a port between 1 and 65535.")]
    public int OrleansGatewayPort { get; set; } = 30_000;

    /// <summary>
    /// The IP address at which the other processes reach this one, and the only one on which it listens for them.
    /// They trust whoever reaches it, so it is the loopback unless it is set.
    /// </summary>
    public string AdvertisedAddress { get; set; } = "127.0.0.1";
}
