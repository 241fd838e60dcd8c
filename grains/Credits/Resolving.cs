namespace Informer.Ai.Credits;

/// <summary>Resolves holds until it is known that they are.</summary>
internal static class Resolving
{
    /// <summary>After so many failed tries whoever waits is told that the charge is not confirmed yet.</summary>
    public const int AttemptsBeforeTelling = 12;

    private static readonly TimeSpan WaitMax = TimeSpan.FromSeconds(1);

    /// <summary>
    /// Sends a settlement or void until it is known to be written: the outcome of a failed try is unknown, and the
    /// command carries its id, so that sending it again is safe. Should the process end before, the hold is durable and expires.
    /// </summary>
    /// <param name="failed">Is told of each failed try, from 1.</param>
    /// <param name="ended">The process is at its end.</param>
    public static async Task<ResolveAnswer> UntilWritten(
        Func<Task<ResolveAnswer>> resolve, Action<int, Exception> failed, TimeProvider time, CancellationToken ended)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await resolve();
            }
            catch (Exception failure) when (attempt < AttemptsBeforeTelling || IsPassing(failure))
            {
                failed(attempt, failure);
                var wait = TimeSpan.FromMilliseconds(Math.Min(50 << Math.Min(attempt, 10), WaitMax.TotalMilliseconds));
                await Task.Delay(wait, time, ended);
            }
        }
    }

    private static bool IsPassing(Exception failure) =>
        failure is LedgerUnavailableException or TimeoutException or Orleans.Runtime.OrleansException;
}
