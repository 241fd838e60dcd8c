using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Serialization;
using Informer.Ai.Simulator;

namespace Informer.Ai.Books;

/// <summary>The provider's own book: every request that reached it.</summary>
internal sealed class ProviderBook(SimulatorProcess simulator) : IDisposable
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };

    private readonly HttpClient _http = new();

    private long _before;

    /// <summary>Turns the page: what was served until now belongs to earlier rounds.</summary>
    public async Task Turn() => _before = await Read() is [.., var last] ? last.Id : _before;

    /// <summary>The requests of this page, oldest first.</summary>
    public async Task<IReadOnlyList<ServedRequest>> Read() =>
        await _http.GetFromJsonAsync<List<ServedRequest>>(new Uri(simulator.Address, $"/_log?since={_before}"), Json) ?? [];

    public void Dispose() => _http.Dispose();
}
