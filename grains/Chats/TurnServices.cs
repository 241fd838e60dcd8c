using Informer.Ai.Memories;
using Informer.Ai.Models;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Informer.Ai.Chats;

/// <summary>What every turn uses.</summary>
public sealed class TurnServices(
    IModelClients models,
    IGrainFactory grains,
    TokenCounter counter,
    CheckpointWriter checkpoints,
    TurnDrain drain,
    TurnMetrics metrics,
    IOptions<TurnOptions> options,
    IOptions<MemoryOptions> memories,
    TimeProvider time,
    ILogger<TurnServices> logger)
{
    public IModelClients Models => models;

    public IGrainFactory Grains => grains;

    public TokenCounter Counter => counter;

    public CheckpointWriter Checkpoints => checkpoints;

    public TurnDrain Drain => drain;

    public TurnMetrics Metrics => metrics;

    public TurnOptions Options => options.Value;

    public MemoryOptions Memories => memories.Value;

    public TimeProvider Time => time;

    public ILogger Logger => logger;
}
