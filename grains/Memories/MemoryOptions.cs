using System.ComponentModel.DataAnnotations;

namespace Informer.Ai.Memories;

/// <summary>How memories are made and recalled; section <c>Informer:Memories</c>.</summary>
public sealed class MemoryOptions
{
    /// <summary>Tenants for which the service makes and recalls none by itself; what their users ask for is done.</summary>
    public IList<string> OffTenants { get; } = [];

    /// <summary>The chat model that writes summaries: id or slug.</summary>
    [Required]
    public string SummaryModel { get; set; } = "go_everyday";

    /// <summary>The embedding model: id or slug.</summary>
    [Required]
    public string EmbeddingModel { get; set; } = "informer-embedding";

    /// <summary>So many messages that are in no memory make one.</summary>
    [Range(2, 1_000)]
    public int MessagesThreshold { get; set; } = 20;

    /// <summary>A turn that comes so long after the last makes a memory of what was before.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "365.00:00:00")]
    public TimeSpan TimeThreshold { get; set; } = TimeSpan.FromHours(6);

    /// <summary>A turn whose cosine to the running topic is below this changes the topic.</summary>
    [Range(-1.0, 1.0)]
    public float TopicScoreMin { get; set; } = 0.2f;

    /// <summary>A topic has at least so many messages.</summary>
    [Range(1, 1_000)]
    public int TopicMessagesMin { get; set; } = 6;

    /// <summary>A short message of the user that says one of these closes the discussion.</summary>
    public IList<string> ClosingPhrases { get; } =
        ["that's all", "that is all", "that was all", "we are done", "we're done", "goodbye", "bye", "thanks, bye", "case closed"];

    /// <summary>How many memories are recalled into a turn at most; 0 recalls none.</summary>
    [Range(0, 50)]
    public int RecallMax { get; set; } = 5;

    /// <summary>Only memories that are so near to the turn are recalled.</summary>
    [Range(-1.0, 1.0)]
    public float RecallScoreMin { get; set; } = 0.3f;

    /// <summary>A turn does not wait longer than this for its memories.</summary>
    [Range(typeof(TimeSpan), "00:00:00.01", "00:00:05")]
    public TimeSpan RecallWait { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>Memory that the embedded index uses for vectors.</summary>
    [Range(1L << 20, 1L << 40)]
    public long IndexBytesMax { get; set; } = 256L << 20;
}
