using System.ComponentModel.DataAnnotations;

namespace Informer.Ai;

/// <summary>How this process takes part; section <c>Informer</c>.</summary>
public sealed class InformerOptions
{
    /// <summary>Which parts of the service run in this process: "all" is the web and the grains.</summary>
    [AllowedValues("all", ErrorMessage = "Informer:Role must be \"all\": this version runs as one process.")]
    public string Role { get; set; } = "all";

    /// <summary>"Embedded": one process that needs nothing else.</summary>
    [AllowedValues("Embedded", ErrorMessage = "Informer:Mode must be \"Embedded\": this version has no other mode.")]
    public string Mode { get; set; } = "Embedded";

    /// <summary>Where the embedded store lives; made if it is not there.</summary>
    [Required(ErrorMessage = "Informer:DataDirectory must name a directory.")]
    public string DataDirectory { get; set; } = "./data";

    /// <summary>How long running streams may go on after SIGTERM before they are cut and settled, in seconds.</summary>
    [Range(0, 3600, ErrorMessage = "Informer:DrainSeconds must be between 0 and 3600.")]
    public int DrainSeconds { get; set; } = 30;

    /// <summary>Credits that the demo tenant is granted at the first start.</summary>
    [Range(1, 1_000_000_000, ErrorMessage = "Informer:BootstrapCredits must be between 1 and 1000000000.")]
    public long BootstrapCredits { get; set; } = 50_000;
}
