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

    /// <summary>The requests after an id, oldest first.</summary>
    public async Task<IReadOnlyList<ServedRequest>> Since(long id) =>
        await _http.GetFromJsonAsync<List<ServedRequest>>(new Uri(simulator.Address, $"/_log?since={id}"), Json) ?? [];

    public void Dispose() => _http.Dispose();
}
