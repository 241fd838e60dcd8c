using System.ComponentModel.DataAnnotations;

namespace Informer.Ai;

/// <summary>Limits of the HTTP surface. Section <c>Informer:Gateway</c>; every default is usable.</summary>
public sealed class GatewayOptions
{
    /// <summary>Where the options are read from.</summary>
    public const string Section = "Informer:Gateway";

    /// <summary>Largest request body in bytes.</summary>
    [Range(1024, 256 * 1024 * 1024)]
    public int BodyBytesMax { get; set; } = 4 * 1024 * 1024;

    /// <summary>How deep JSON may nest.</summary>
    [Range(8, 512)]
    public int JsonDepthMax { get; set; } = 64;

    /// <summary>Messages of one request.</summary>
    [Range(1, 100_000)]
    public int MessagesMax { get; set; } = 2_000;

    /// <summary>Characters of one text part.</summary>
    [Range(1, 100_000_000)]
    public int TextCharactersMax { get; set; } = 200_000;

    /// <summary>Items of one page.</summary>
    [Range(1, 10_000)]
    public int PageMax { get; set; } = 200;

    /// <summary>Silence on an event stream after which a comment is sent.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00")]
    public TimeSpan Heartbeat { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>Event streams that a user may have open at once in this process.</summary>
    [Range(1, 1_000_000)]
    public int StreamsPerUserMax { get; set; } = 1_000;

    /// <summary>
    /// A client that takes nothing of what is sent to it for so long is cut: it is gone, or it does not read. On Linux;
    /// elsewhere the server's own, longer limit applies.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00")]
    public TimeSpan ClientTimeout { get; set; } = TimeSpan.FromSeconds(20);
}
