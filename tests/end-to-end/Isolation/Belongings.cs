using System.Text.Json;

namespace Informer.Ai.Isolation;

/// <summary>What one caller has, found through the API: for each id in a path, one that another caller does not see.</summary>
public sealed class Belongings(HttpClient owner, string chat)
{
    private readonly Dictionary<string, string?> _found = new(StringComparer.Ordinal);

    public HttpClient Owner => owner;

    public string Chat => chat;

    /// <summary>A message of the chat.</summary>
    public string Message => _found.GetValueOrDefault($"/api/chats/{chat}/messages") ?? chat;

    /// <summary>Ids for a route's path; null when the owner has nothing of the kind that is its own alone.</summary>
    public async Task<IReadOnlyList<string>?> Ids(ApiRoute route, Belongings others)
    {
        List<string> ids = [];
        var prefix = "";
        foreach (var part in route.Path.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            if (!part.StartsWith('{'))
            {
                prefix += $"/{part}";
                continue;
            }

            if (await One(prefix, others) is not { } id)
            {
                return null;
            }

            ids.Add(id);
            prefix += $"/{id}";
        }

        return ids;
    }

    private async Task<string?> One(string collection, Belongings others)
    {
        if (collection == "/api/chats")
        {
            return chat;
        }

        if (!_found.TryGetValue(collection, out var id))
        {
            var seen = await List(others.Owner, collection);
            id = _found[collection] = (await List(owner, collection)).Find(own => !seen.Contains(own));
        }

        return id;
    }

    private static async Task<List<string>> List(HttpClient client, string collection)
    {
        using var answer = await client.GetAsync(new Uri(collection, UriKind.Relative));
        if (!answer.IsSuccessStatusCode)
        {
            return [];
        }

        var page = await answer.Json();
        return page.TryGetProperty("_embedded", out var embedded) && embedded.ValueKind == JsonValueKind.Object
            ? [.. embedded.EnumerateObject().SelectMany(relation => relation.Value.EnumerateArray())
                .Where(item => item.TryGetProperty("id", out _)).Select(item => item.GetProperty("id").GetString()!)]
            : [];
    }
}
