using System.Net;
using Polly;
using Polly.CircuitBreaker;
using Polly.Retry;

namespace Informer.Ai.Models;

/// <summary>
/// Sends a call again, and leaves a provider alone that keeps failing. Only what the provider has certainly not served
/// is sent again: no connection came about, or it answered that it refuses, is overloaded or broke. A call that was
/// sent and stayed without an answer may have been served and paid for, and a settlement knows of one.
/// </summary>
internal sealed class ProviderResilience : DelegatingHandler
{
    private readonly ResiliencePipeline<HttpResponseMessage> _pipeline;

    public ProviderResilience(HttpMessageHandler inner, ProviderOptions options, TimeProvider time)
        : base(inner)
    {
        var builder = new ResiliencePipelineBuilder<HttpResponseMessage> { TimeProvider = time };
        if (options.RetriesMax > 0)
        {
            builder.AddRetry(new RetryStrategyOptions<HttpResponseMessage>
            {
                MaxRetryAttempts = options.RetriesMax,
                BackoffType = DelayBackoffType.Exponential,
                UseJitter = true,
                Delay = TimeSpan.FromMilliseconds(200),
                MaxDelay = options.RetryWaitMax,
                ShouldHandle = args => ValueTask.FromResult(
                    IsUnserved(args.Outcome) && !(AskedWait(args.Outcome, time) > options.RetryWaitMax)),
                DelayGenerator = args => ValueTask.FromResult(AskedWait(args.Outcome, time)),
                OnRetry = args =>
                {
                    args.Outcome.Result?.Dispose();
                    return default;
                },
            });
        }

        _pipeline = builder
            .AddCircuitBreaker(new CircuitBreakerStrategyOptions<HttpResponseMessage>
            {
                FailureRatio = 0.5,
                MinimumThroughput = options.BreakerCallsMin,
                SamplingDuration = options.BreakerWindow,
                BreakDuration = options.BreakerPause,
                ShouldHandle = args => ValueTask.FromResult(IsSick(args.Outcome)),
            })
            .Build();
    }

    /// <inheritdoc/>
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var context = ResilienceContextPool.Shared.Get(continueOnCapturedContext: false, cancellationToken);
        try
        {
            var outcome = await _pipeline.ExecuteOutcomeAsync(Send, context, request);
            outcome.ThrowIfException();
            return outcome.Result!;
        }
        finally
        {
            ResilienceContextPool.Shared.Return(context);
        }
    }

    private async ValueTask<Outcome<HttpResponseMessage>> Send(ResilienceContext context, HttpRequestMessage request)
    {
        try
        {
            return Outcome.FromResult(await base.SendAsync(request, context.CancellationToken));
        }
        catch (Exception failure)
        {
            return Outcome.FromException<HttpResponseMessage>(failure);
        }
    }

    private static bool IsUnserved(Outcome<HttpResponseMessage> outcome) => outcome switch
    {
        { Exception: HttpRequestException { InnerException: AddressRefusedException } } => false,
        { Exception: HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError or HttpRequestError.SecureConnectionError } } => true,
        // A gateway's 502 and 504 tell of a server behind it that may have served; these tell of one that has not.
        { Result.StatusCode: HttpStatusCode.TooManyRequests or HttpStatusCode.InternalServerError or HttpStatusCode.ServiceUnavailable or (HttpStatusCode)529 } => true,
        _ => false,
    };

    // What speaks of the provider's health, and not of one call or one key.
    private static bool IsSick(Outcome<HttpResponseMessage> outcome) => outcome switch
    {
        { Exception: HttpRequestException { InnerException: AddressRefusedException } } => false,
        { Exception: HttpRequestException or IOException } => true,
        { Result.StatusCode: >= HttpStatusCode.InternalServerError or HttpStatusCode.RequestTimeout } => true,
        _ => false,
    };

    private static TimeSpan? AskedWait(Outcome<HttpResponseMessage> outcome, TimeProvider time) => outcome.Result?.Headers.RetryAfter switch
    {
        { Delta: { } wait } => wait,
        { Date: { } date } when date > time.GetUtcNow() => date - time.GetUtcNow(),
        { Date: not null } => TimeSpan.Zero,
        _ => null,
    };
}
