using Informer.Ai.Simulator.Serving;

namespace Informer.Ai.Simulator;

/// <summary>
/// The last requests that the simulator served, from the moment each arrived. One lock guards the list and the
/// waiters; a request's own numbers are written by its own handler only.
/// </summary>
public sealed class SimulatorLog
{
    private readonly Lock _lock = new();
    private readonly Queue<Exchange> _exchanges = new();
    private readonly List<Waiter> _waiters = [];
    private readonly int _capacity;
    private readonly TimeProvider _time;
    private long _lastId;
    private int _running;
    private volatile bool _awaited;

    internal SimulatorLog(int capacity, TimeProvider time)
    {
        _capacity = capacity;
        _time = time;
    }

    /// <summary>How many requests are being answered now.</summary>
    public int Running => Volatile.Read(ref _running);

    /// <summary>The id of the newest request; pass it as <c>since</c> to see only what comes after.</summary>
    public long LastId => Volatile.Read(ref _lastId);

    /// <summary>The requests after <paramref name="since"/>, oldest first.</summary>
    public IReadOnlyList<ServedRequest> Entries(long since = 0)
    {
        lock (_lock)
        {
            return [.. _exchanges.Where(exchange => exchange.Id > since).Select(exchange => exchange.Snapshot())];
        }
    }

    /// <summary>
    /// The first request, among those in the log and those to come, that satisfies the predicate. It is asked
    /// when a request arrives, learns its model, sends headers, sends a token and ends; it must be quick.
    /// </summary>
    public async Task<ServedRequest> WaitAsync(Func<ServedRequest, bool> predicate, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(predicate);
        var waiter = new Waiter(predicate);
        lock (_lock)
        {
            // Registered before the look back: a request that changes in between is seen by one or the other.
            _waiters.Add(waiter);
            _awaited = true;
            foreach (var exchange in _exchanges)
            {
                if (waiter.Offer(exchange.Snapshot()))
                {
                    break;
                }
            }
        }

        try
        {
            return await waiter.Found.WaitAsync(cancellationToken);
        }
        finally
        {
            lock (_lock)
            {
                _waiters.Remove(waiter);
                _awaited = _waiters.Count > 0;
            }
        }
    }

    /// <summary>Forgets everything; ids go on counting.</summary>
    public void Clear()
    {
        lock (_lock)
        {
            _exchanges.Clear();
        }
    }

    internal Exchange Begin(string path, string? clientRequestId)
    {
        Interlocked.Increment(ref _running);
        Exchange exchange;
        lock (_lock)
        {
            exchange = new Exchange(this, _time, _lastId + 1, path, clientRequestId);
            _lastId = exchange.Id;
            _exchanges.Enqueue(exchange);
            if (_exchanges.Count > _capacity)
            {
                _exchanges.Dequeue();
            }
        }

        Changed(exchange);
        return exchange;
    }

    internal void Ended(Exchange exchange)
    {
        Interlocked.Decrement(ref _running);
        Changed(exchange);
    }

    /// <summary>Costs one read of a flag unless somebody waits, so that every token can afford it.</summary>
    internal void Changed(Exchange exchange)
    {
        if (!_awaited)
        {
            return;
        }

        lock (_lock)
        {
            var now = exchange.Snapshot();
            foreach (var waiter in _waiters)
            {
                waiter.Offer(now);
            }
        }
    }

    private sealed class Waiter(Func<ServedRequest, bool> predicate)
    {
        private readonly TaskCompletionSource<ServedRequest> _found = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task<ServedRequest> Found => _found.Task;

        public bool Offer(ServedRequest request) => predicate(request) && _found.TrySetResult(request);
    }
}
