namespace Informer.Ai.Models;

/// <summary>How long a provider may be silent within one call.</summary>
internal sealed class Patience : IDisposable
{
    private readonly TimeSpan _limit;
    private readonly CancellationTokenSource _late;
    private readonly CancellationTokenSource _either;
    private readonly CancellationToken _stop;

    /// <param name="stop">The call is to be given up for another reason.</param>
    public Patience(TimeSpan limit, TimeProvider time, CancellationToken stop)
    {
        (_limit, _stop) = (limit, stop);
        _late = new CancellationTokenSource(limit, time);
        _either = CancellationTokenSource.CreateLinkedTokenSource(_late.Token, stop);
    }

    /// <summary>It has said something: the limit begins anew.</summary>
    public void Renew() => _late.CancelAfter(_limit);

    /// <summary>Waits for a call of the provider.</summary>
    /// <exception cref="ProviderException">It was silent for too long.</exception>
    public async Task<T> For<T>(Func<CancellationToken, Task<T>> call)
    {
        try
        {
            return await call(_either.Token);
        }
        catch (Exception silent) when (_late.IsCancellationRequested && !_stop.IsCancellationRequested)
        {
            throw new ProviderException("PROVIDER_TIMEOUT", "The model provider did not answer in time.", silent);
        }
    }

    public void Dispose()
    {
        _either.Dispose();
        _late.Dispose();
    }
}
