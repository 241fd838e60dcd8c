using System.Threading.RateLimiting;
using Microsoft.Extensions.AI;

namespace Informer.Ai.Models;

/// <summary>One provider as this process calls it: the vendor's library, and the calls that run at once.</summary>
internal sealed class ProviderConnection(IVendor vendor, int callsMax) : IDisposable
{
    private readonly ConcurrencyLimiter _seats = new(new ConcurrencyLimiterOptions { PermitLimit = callsMax, QueueLimit = 0 });

    /// <summary>A client of one of its chat models.</summary>
    public IChatClient Chat(string model) => new ProviderChat(vendor.Chat(model), this);

    /// <summary>A client of one of its embedding models.</summary>
    public IEmbeddingGenerator<string, Embedding<float>> Embeddings(string model) => new ProviderEmbeddings(vendor.Embeddings(model), this);

    /// <summary>A client of one of its image models.</summary>
    public IImageGenerator Images(string model) => new ProviderImages(vendor.Images(model), this);

    /// <summary>Its own names of its models.</summary>
    public Task<IReadOnlyList<string>> Names(CancellationToken cancellation) => Call(vendor.NamesAsync, cancellation);

    /// <summary>Takes one of the seats that bound its calls; it is given back when disposed.</summary>
    /// <exception cref="ProviderException">All are taken.</exception>
    public IDisposable Seat()
    {
        var seat = _seats.AttemptAcquire();
        return seat.IsAcquired
            ? seat
            : throw new ProviderException("PROVIDER_BUSY", "Too many calls of this model provider are running. Try again.");
    }

    /// <summary>Makes a call that is answered whole.</summary>
    /// <exception cref="ProviderException">It failed.</exception>
    public async Task<T> Call<T>(Func<CancellationToken, Task<T>> call, CancellationToken cancellation)
    {
        using var seat = Seat();
        try
        {
            return await call(cancellation);
        }
        catch (Exception failure) when (!cancellation.IsCancellationRequested)
        {
            throw ProviderFailures.Describe(failure);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        vendor.Dispose();
        _seats.Dispose();
    }
}
