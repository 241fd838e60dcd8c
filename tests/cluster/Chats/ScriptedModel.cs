using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Informer.Ai.Models;
using Microsoft.Extensions.AI;

namespace Informer.Ai.Chats;

/// <summary>A model that says what the test tells it, when the test tells it.</summary>
internal sealed class ScriptedModel : IModelClients, IChatClient
{
    private readonly Channel<ChatResponseUpdate> _script = Channel.CreateUnbounded<ChatResponseUpdate>();
    private readonly TaskCompletionSource _cut = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _calls;

    /// <summary>How often it was called.</summary>
    public int Calls => Volatile.Read(ref _calls);

    /// <summary>Ends when a call was cut.</summary>
    public Task Cut => _cut.Task;

    public void Say(string text) => _script.Writer.TryWrite(new ChatResponseUpdate(ChatRole.Assistant, text));

    /// <summary>Ends the answer with its reason and a report.</summary>
    public void Finish(int input = 10, int output = 2)
    {
        _script.Writer.TryWrite(new ChatResponseUpdate
        {
            FinishReason = ChatFinishReason.Stop,
            Contents = [new UsageContent(new UsageDetails { InputTokenCount = input, OutputTokenCount = output })],
        });
        _script.Writer.TryComplete();
    }

    /// <summary>Fails before anything else is said.</summary>
    public void Fail(string code) => _script.Writer.TryComplete(new ProviderException(code, "It failed."));

    public IChatClient ChatClient(ResolvedModel model) => this;

    public IEmbeddingGenerator<string, Embedding<float>> EmbeddingGenerator(ResolvedModel model) => throw new NotSupportedException();

    public IImageGenerator ImageGenerator(ResolvedModel model) => throw new NotSupportedException();

    public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<Microsoft.Extensions.AI.ChatMessage> messages,
        ChatOptions? options = null,
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        Interlocked.Increment(ref _calls);
        try
        {
            await foreach (var update in _script.Reader.ReadAllAsync(cancellationToken))
            {
                yield return update;
            }
        }
        finally
        {
            if (cancellationToken.IsCancellationRequested)
            {
                _cut.TrySetResult();
            }
        }
    }

    public Task<Microsoft.Extensions.AI.ChatResponse> GetResponseAsync(
        IEnumerable<Microsoft.Extensions.AI.ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException();

    public object? GetService(Type serviceType, object? serviceKey = null) => null;

    public void Dispose()
    {
    }
}
