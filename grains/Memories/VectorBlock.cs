using System.Numerics.Tensors;
using Informer.Ai.Chats;

namespace Informer.Ai.Memories;

/// <summary>
/// The vectors of one owner in one space, side by side. A search reads what a change does not write: a change
/// appends, or makes arrays of its own.
/// </summary>
internal sealed class VectorBlock(int dimension)
{
    // That an owner is known at all costs something too.
    private const int Overhead = 1_024;

    private readonly Lock _gate = new();
    private readonly Dictionary<MemoryId, int> _places = [];
    private Snapshot _now = new([], [], [], 0);

    /// <summary>What it takes of the memory that is set aside for vectors.</summary>
    public long Bytes => Overhead + ((long)_now.Vectors.Length * sizeof(float));

    /// <summary>Adds vectors, or replaces those of the same memories.</summary>
    public void Put(IReadOnlyList<MemoryVector> vectors)
    {
        lock (_gate)
        {
            var known = vectors.Where(vector => _places.ContainsKey(vector.Id)).Select(vector => vector.Id).ToHashSet();
            if (known.Count > 0)
            {
                Remove((id, _) => known.Contains(id));
            }

            var now = Grown(_now, vectors.Count, dimension);
            var count = now.Count;
            foreach (var vector in vectors)
            {
                vector.Vector.Span.CopyTo(now.Vectors.AsSpan(count * dimension, dimension));
                (now.Ids[count], now.Chats[count]) = (vector.Id, vector.Chat);
                _places[vector.Id] = count++;
            }

            _now = now with { Count = count };
        }
    }

    /// <summary>Takes out those of which it is true.</summary>
    public void Remove(Func<MemoryId, ChatId, bool> leaves)
    {
        lock (_gate)
        {
            var old = _now;
            var staying = Enumerable.Range(0, old.Count).Where(at => !leaves(old.Ids[at], old.Chats[at])).ToList();
            if (staying.Count == old.Count)
            {
                return;
            }

            var now = Grown(new Snapshot([], [], [], 0), staying.Count, dimension);
            _places.Clear();
            foreach (var at in staying)
            {
                var place = _places.Count;
                old.Vectors.AsSpan(at * dimension, dimension).CopyTo(now.Vectors.AsSpan(place * dimension));
                (now.Ids[place], now.Chats[place]) = (old.Ids[at], old.Chats[at]);
                _places.Add(old.Ids[at], place);
            }

            _now = now with { Count = staying.Count };
        }
    }

    /// <summary>The nearest to a query, best first: every vector is looked at.</summary>
    public IReadOnlyList<IndexHit> Search(IndexQuery query)
    {
        var now = _now;
        var near = query.Near.Vector.Span;
        var best = new PriorityQueue<MemoryId, float>(query.Limit + 1);
        for (var at = 0; at < now.Count; at++)
        {
            if (query.Chat is { } chat && now.Chats[at] != chat)
            {
                continue;
            }

            var score = TensorPrimitives.Dot(near, now.Vectors.AsSpan(at * dimension, dimension));
            if (score < query.ScoreMin || (best.Count == query.Limit && best.TryPeek(out _, out var least) && score <= least))
            {
                continue;
            }

            best.Enqueue(now.Ids[at], score);
            if (best.Count > query.Limit)
            {
                best.Dequeue();
            }
        }

        var hits = new IndexHit[best.Count];
        for (var at = hits.Length - 1; at >= 0; at--)
        {
            best.TryDequeue(out var id, out var score);
            hits[at] = new IndexHit(id, score);
        }

        return hits;
    }

    private static Snapshot Grown(Snapshot from, int more, int dimension)
    {
        if (from.Count + more <= from.Ids.Length)
        {
            return from;
        }

        var room = Math.Max(from.Count + more, from.Count + (from.Count / 2));
        var grown = new Snapshot(new float[room * dimension], new MemoryId[room], new ChatId[room], from.Count);
        from.Vectors.AsSpan(0, from.Count * dimension).CopyTo(grown.Vectors);
        from.Ids.AsSpan(0, from.Count).CopyTo(grown.Ids);
        from.Chats.AsSpan(0, from.Count).CopyTo(grown.Chats);
        return grown;
    }

    private sealed record Snapshot(float[] Vectors, MemoryId[] Ids, ChatId[] Chats, int Count);
}
