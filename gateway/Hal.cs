using System.Text.Json.Serialization;

namespace Informer.Ai;

/// <summary>Where something can be found again.</summary>
public sealed record Link(string Href);

/// <summary>The links of a resource.</summary>
public sealed record Links(Link Self)
{
    /// <summary>Links of which <c>self</c> is the address given.</summary>
    public static Links To(string self) => new(new Link(self));
}

/// <summary>A page of resources in HAL form.</summary>
/// <param name="Embedded">One entry: the relation, such as <c>inf:model</c>, and the items of this page.</param>
/// <param name="Count">Items on this page.</param>
/// <param name="Total">Items in all.</param>
public sealed record HalPage<T>(
    [property: JsonPropertyName("_links"), JsonPropertyOrder(-2)] Links Links,
    [property: JsonPropertyName("_embedded"), JsonPropertyOrder(-1)] IReadOnlyDictionary<string, IReadOnlyList<T>> Embedded,
    int Start,
    int Count,
    int Total);

/// <summary>Makes pages.</summary>
internal static class HalPage
{
    /// <summary>One page that was read as such.</summary>
    public static HalPage<T> Of<T>(string self, string relation, IReadOnlyList<T> items, int start, int total) =>
        new(Links.To(self), new Dictionary<string, IReadOnlyList<T>> { [relation] = items }, start, items.Count, total);

    /// <summary>Cuts a page out of all items.</summary>
    public static HalPage<T> Cut<T>(string self, string relation, IReadOnlyCollection<T> all, int start, int limit) =>
        Of(self, relation, [.. all.Skip(start).Take(limit)], start, all.Count);
}
