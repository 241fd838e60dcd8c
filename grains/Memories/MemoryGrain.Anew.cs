using Informer.Ai.Credits;
using Informer.Ai.Models;

namespace Informer.Ai.Memories;

/// <content>
/// Embeds anew what has no vector of the model in use: after the model was changed, or when a vector could not be made.
/// A user's memories are done when they are next asked for, in the background, at the user's expense.
/// </content>
public sealed partial class MemoryGrain
{
    private const int TextsPerCall = 32;

    // All memories are in this space.
    private EmbeddingSpace? _current;
    private Task _embeddingAnew = Task.CompletedTask;

    private void EmbedAnew(EmbeddingSpace space)
    {
        if (_current != space && _embeddingAnew.IsCompleted)
        {
            _embeddingAnew = EmbedAllAnew(space);
        }
    }

    private async Task EmbedAllAnew(EmbeddingSpace space)
    {
        try
        {
            _current = space;
            var old = await store.SpacesAsync(_owner, CancellationToken.None);
            var (after, count) = (default(MemoryId), 0);
            while (await store.WithoutAsync(_owner, space, after, TextsPerCall, CancellationToken.None) is { Count: > 0 } some)
            {
                var (embeddings, denied) = await calls.Embed(
                    new CallFor(_owner, null, null, null), [.. some.Select(memory => memory.Summary)]);
                if (denied is not null || embeddings![0].Space != space)
                {
                    _current = null;
                    return;
                }

                foreach (var (memory, embedding) in some.Zip(embeddings))
                {
                    await Write(memory, embedding, () => store.EmbedAsync(
                        _owner, memory.Id, memory.Summary, embedding, CancellationToken.None));
                }

                after = some[^1].Id;
                count += some.Count;
            }

            if (count > 0)
            {
                await InEach([.. old.Where(left => left != space)], "clear", left => index.ClearAsync(_owner, left, null, CancellationToken.None));
                LogEmbeddedAnew(count, _owner.Tenant.Value, _owner.User.Value, space.Model);
            }
        }
        catch (Exception failure)
        {
            // They are tried again when they are next asked for.
            _current = null;
            if (failure is not (ProviderException or LedgerUnavailableException))
            {
                LogFailed(null, failure);
            }
        }
    }
}
