using System.ComponentModel.DataAnnotations;

namespace Informer.Ai.Chats;

/// <summary>How turns run; section <c>Informer:Turns</c>.</summary>
public sealed class TurnOptions
{
    /// <summary>How often the state of a running turn is kept, and its time limits are looked at.</summary>
    [Range(typeof(TimeSpan), "00:00:00.05", "00:00:05")]
    public TimeSpan CheckpointEvery { get; set; } = TimeSpan.FromSeconds(4);

    /// <summary>
    /// For so long a failure of the provider can still be answered with an error status; then the stream begins,
    /// so that proxies see a living connection.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00.05", "00:05:00")]
    public TimeSpan FirstEventWait { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>A provider that sends nothing for so long has failed.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:30:00")]
    public TimeSpan ProviderIdleTimeout { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>Images that have not come after so long have failed.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:30:00")]
    public TimeSpan ImageTimeout { get; set; } = TimeSpan.FromMinutes(3);

    /// <summary>An ended turn can be joined for so long.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00")]
    public TimeSpan JoinableFor { get; set; } = TimeSpan.FromSeconds(30);
}
