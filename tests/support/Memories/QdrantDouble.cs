using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Informer.Ai.Memories;

/// <summary>A request as the double has seen it.</summary>
public sealed record SeenRequest(string Method, string Path, string Query, string? ApiKey, JsonElement? Body);

/// <summary>
/// A small server that answers what we send to Qdrant as Qdrant does, over points in memory: every vector is compared,
/// every condition looked at, and what it does not know is refused.
/// </summary>
public sealed class QdrantDouble : IAsyncDisposable
{
    private readonly ConcurrentDictionary<string, Collection> _collections = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<SeenRequest> _seen = [];
    private readonly WebApplication _app;
    private int _failures;

    private QdrantDouble(WebApplication app) => _app = app;

    /// <summary>Its address.</summary>
    public Uri Address => new(_app.Urls.First());

    /// <summary>All requests so far.</summary>
    public IReadOnlyCollection<SeenRequest> Seen => _seen;

    /// <summary>How many points it holds.</summary>
    public int Points => _collections.Values.Sum(collection => collection.Points.Count);

    /// <summary>It does not answer at all.</summary>
    public bool Silent { get; set; }

    /// <summary>The payloads of all points.</summary>
    public IEnumerable<JsonElement> Payloads => _collections.Values.SelectMany(collection => collection.Points.Values).Select(point => point.Payload);

    public static async Task<QdrantDouble> Start(int port = 0)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls($"http://127.0.0.1:{port}");
        builder.Logging.ClearProviders();
        var app = builder.Build();
        var qdrant = new QdrantDouble(app);
        app.Run(qdrant.Answer);
        await app.StartAsync();
        return qdrant;
    }

    /// <summary>Answers the next requests with 503.</summary>
    public void FailNext(int requests) => Volatile.Write(ref _failures, requests);

    /// <summary>Loses everything.</summary>
    public void Lose() => _collections.Clear();

    public async ValueTask DisposeAsync()
    {
        using var now = new CancellationTokenSource();
        await now.CancelAsync();
        await _app.StopAsync(now.Token);
        await _app.DisposeAsync();
    }

    private async Task Answer(HttpContext context)
    {
        using var reader = new StreamReader(context.Request.Body);
        var text = await reader.ReadToEndAsync();
        JsonElement? body = text.Length == 0 ? null : JsonElement.Parse(text);
        var path = context.Request.Path.Value!;
        _seen.Enqueue(new SeenRequest(
            context.Request.Method, path, context.Request.QueryString.Value ?? "", context.Request.Headers["api-key"], body));
        if (Silent)
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.RequestAborted);
        }

        if (Interlocked.Decrement(ref _failures) >= 0)
        {
            context.Response.StatusCode = 503;
            return;
        }

        var parts = path.Split('/', StringSplitOptions.RemoveEmptyEntries);
        if (parts is not ["collections", var name, .. var rest] || body is not { } sent)
        {
            await Refuse(context, 404, "unknown path");
            return;
        }

        switch (context.Request.Method, rest)
        {
            case ("PUT", []):
                await Made(context, _collections.TryAdd(name, new Collection(sent.GetProperty("vectors").GetProperty("size").GetInt32())));
                break;
            case (_, _) when !_collections.ContainsKey(name):
                await Refuse(context, 404, $"Not found: Collection `{name}` doesn't exist!");
                break;
            case ("PUT", ["index"]):
                await Ok(context, new { status = "completed" });
                break;
            case ("PUT", ["points"]):
                await Put(context, _collections[name], sent);
                break;
            case ("POST", ["points", "delete"]):
                foreach (var point in Matching(_collections[name], sent.GetProperty("filter")))
                {
                    _collections[name].Points.TryRemove(point.Id, out _);
                }

                await Ok(context, new { status = "completed" });
                break;
            case ("POST", ["points", "query"]):
                await Query(context, _collections[name], sent);
                break;
            default:
                await Refuse(context, 404, "unknown path");
                break;
        }
    }

    private static Task Made(HttpContext context, bool made) =>
        made ? Ok(context, true) : Refuse(context, 409, "Wrong input: Collection already exists!");

    private static async Task Put(HttpContext context, Collection collection, JsonElement body)
    {
        foreach (var point in body.GetProperty("points").EnumerateArray())
        {
            float[] vector = [.. point.GetProperty("vector").EnumerateArray().Select(part => part.GetSingle())];
            if (vector.Length != collection.Dimension)
            {
                await Refuse(context, 400, $"Wrong input: Vector dimension error: expected dim: {collection.Dimension}, got {vector.Length}");
                return;
            }

            var id = point.GetProperty("id").GetGuid();
            collection.Points[id] = new Point(id, vector, point.GetProperty("payload").Clone());
        }

        await Ok(context, new { status = "completed" });
    }

    private static Task Query(HttpContext context, Collection collection, JsonElement body)
    {
        float[] near = [.. body.GetProperty("query").EnumerateArray().Select(part => part.GetSingle())];
        var found = Matching(collection, body.GetProperty("filter"))
            .Select(point => (point.Id, Score: Cosine(near, point.Vector)))
            .OrderByDescending(point => point.Score)
            .Take(body.GetProperty("limit").GetInt32())
            .Select(point => new { id = point.Id, version = 0, score = point.Score });
        return Ok(context, new { points = found });
    }

    private static List<Point> Matching(Collection collection, JsonElement filter)
    {
        var must = filter.EnumerateObject().Single(clause => clause.Name == "must").Value;
        return [.. collection.Points.Values.Where(point => must.EnumerateArray().All(condition => Meets(point, condition)))];
    }

    private static bool Meets(Point point, JsonElement condition) =>
        condition.TryGetProperty("has_id", out var ids)
            ? ids.EnumerateArray().Any(id => id.GetGuid() == point.Id)
            : point.Payload.TryGetProperty(condition.GetProperty("key").GetString()!, out var value)
                && value.GetString() == condition.GetProperty("match").GetProperty("value").GetString();

    private static float Cosine(float[] left, float[] right)
    {
        double dot = 0, ours = 0, theirs = 0;
        for (var at = 0; at < left.Length; at++)
        {
            dot += (double)left[at] * right[at];
            ours += (double)left[at] * left[at];
            theirs += (double)right[at] * right[at];
        }

        return (float)(dot / Math.Sqrt(ours * theirs));
    }

    private static Task Ok(HttpContext context, object result) =>
        context.Response.WriteAsJsonAsync(new { result, status = "ok", time = 0.0 });

    private static Task Refuse(HttpContext context, int status, string error)
    {
        context.Response.StatusCode = status;
        return context.Response.WriteAsJsonAsync(new { status = new { error }, time = 0.0 });
    }

    private sealed record Collection(int Dimension)
    {
        public ConcurrentDictionary<Guid, Point> Points { get; } = [];
    }

    private sealed record Point(Guid Id, float[] Vector, JsonElement Payload);
}
