using System.Net;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.Extensions.Http.Resilience;
using Polly;

namespace Informer.Ai.Memories;

/// <summary>
/// The requests of Qdrant's REST API that the index needs. Each can be sent twice without harm, so what fails in
/// passing is sent again; a server that keeps failing is left alone for a while.
/// </summary>
internal sealed class QdrantClient : IDisposable
{
    private static readonly TimeSpan RetryAfter = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan LeftAlone = TimeSpan.FromSeconds(5);

    private readonly HttpClient _http;

    public QdrantClient(QdrantOptions settings, TimeProvider time)
    {
        var url = settings.Url ?? throw new InvalidOperationException("There is no address of a Qdrant server.");
        _http = new HttpClient(new ResilienceHandler(Resilience(settings, time))
        {
            InnerHandler = new SocketsHttpHandler { AllowAutoRedirect = false, PooledConnectionLifetime = TimeSpan.FromMinutes(5) },
        })
        {
            BaseAddress = new Uri(url.AbsoluteUri.TrimEnd('/') + '/'),
            // The tries have limits of their own; this one is for an answer that does not come to its end.
            Timeout = settings.Timeout * (settings.Retries + 2),
        };
        if (!string.IsNullOrEmpty(settings.ApiKey))
        {
            _http.DefaultRequestHeaders.Add("api-key", settings.ApiKey);
        }
    }

    /// <summary>Makes a collection with the indexes of its fields, unless it is there.</summary>
    public async Task Create(string collection, int dimension, CancellationToken cancellation)
    {
        var made = new NewCollection(new VectorParameters(dimension, "Cosine"), new GraphParameters(0, 16));
        await Send(
            HttpMethod.Put, $"collections/{collection}", made, QdrantJson.Default.NewCollection, cancellation, HttpStatusCode.Conflict);
        foreach (var field in new[] { PointPayload.TenantField, PointPayload.UserField, PointPayload.ModelField, PointPayload.ChatField })
        {
            var index = new NewFieldIndex(field, new FieldSchema("keyword", field == PointPayload.TenantField ? true : null));
            await Send(
                HttpMethod.Put, $"collections/{collection}/index?wait=true", index, QdrantJson.Default.NewFieldIndex, cancellation);
        }
    }

    /// <summary>Adds points or replaces those of the same ids; false when there is no such collection.</summary>
    public Task<bool> Put(string collection, IReadOnlyList<Point> points, CancellationToken cancellation) =>
        Send(
            HttpMethod.Put, $"collections/{collection}/points?wait=true", new NewPoints(points), QdrantJson.Default.NewPoints, cancellation, HttpStatusCode.NotFound);

    /// <summary>Removes points; there is nothing to remove when there is no such collection.</summary>
    public Task Remove(string collection, OwnerFilter points, CancellationToken cancellation) =>
        Send(
            HttpMethod.Post, $"collections/{collection}/points/delete?wait=true", new PointRemoval(points), QdrantJson.Default.PointRemoval, cancellation, HttpStatusCode.NotFound);

    /// <summary>The nearest points, best first; none when there is no such collection.</summary>
    public async Task<IReadOnlyList<FoundPoint>> Find(
        string collection, OwnerFilter among, ReadOnlyMemory<float> near, int limit, CancellationToken cancellation)
    {
        var query = new PointQuery(near, among, limit, WithPayload: false, WithVector: false);
        using var answer = await Exchange(
            HttpMethod.Post, $"collections/{collection}/points/query", query, QdrantJson.Default.PointQuery, cancellation);
        if (answer.StatusCode == HttpStatusCode.NotFound)
        {
            return [];
        }

        Verify(answer);
        try
        {
            var found = await answer.Content.ReadFromJsonAsync(QdrantJson.Default.QueryAnswer, cancellation);
            return found?.Result?.Points is { IsDefault: false } points ? points : throw new JsonException("There is no result.");
        }
        catch (Exception failure) when (failure is JsonException or HttpRequestException or IOException)
        {
            throw new MemoryIndexException("Qdrant sent something that cannot be read.", failure);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();

    private static ResiliencePipeline<HttpResponseMessage> Resilience(QdrantOptions options, TimeProvider time) =>
        new ResiliencePipelineBuilder<HttpResponseMessage> { TimeProvider = time }
            .AddRetry(new HttpRetryStrategyOptions
            {
                MaxRetryAttempts = options.Retries,
                BackoffType = DelayBackoffType.Exponential,
                Delay = RetryAfter,
                UseJitter = true,
            })
            .AddCircuitBreaker(new HttpCircuitBreakerStrategyOptions { MinimumThroughput = 10, FailureRatio = 0.5, BreakDuration = LeftAlone })
            .AddTimeout(options.Timeout)
            .Build();

    private static void Verify(HttpResponseMessage answer)
    {
        if (!answer.IsSuccessStatusCode)
        {
            // What it says may quote a point: its status is enough.
            throw new MemoryIndexException($"Qdrant refused a request (status {(int)answer.StatusCode}).");
        }
    }

    // False for the one status that is expected beside success.
    private async Task<bool> Send<T>(
        HttpMethod method, string path, T body, JsonTypeInfo<T> type, CancellationToken cancellation, HttpStatusCode? expected = null)
    {
        using var answer = await Exchange(method, path, body, type, cancellation);
        if (answer.StatusCode == expected)
        {
            return false;
        }

        Verify(answer);
        return true;
    }

    private async Task<HttpResponseMessage> Exchange<T>(
        HttpMethod method, string path, T body, JsonTypeInfo<T> type, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(method, new Uri(path, UriKind.Relative)) { Content = JsonContent.Create(body, type) };
        try
        {
            return await _http.SendAsync(request, cancellation);
        }
        catch (Exception failure) when (failure is HttpRequestException or IOException or ExecutionRejectedException
            || (failure is OperationCanceledException && !cancellation.IsCancellationRequested))
        {
            throw new MemoryIndexException("Qdrant cannot be reached.", failure);
        }
    }
}
