using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using Informer.Ai.Chats;
using Informer.Ai.Credits;

namespace Informer.Ai.Storage;

/// <summary>
/// What is kept as JSON. The properties' names are on disk: renaming one needs a migration, and the test that
/// reads an old text says so.
/// </summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    IgnoreReadOnlyProperties = true)]
[JsonSerializable(typeof(Hold))]
[JsonSerializable(typeof(MessageMetadata))]
[JsonSerializable(typeof(ImmutableArray<string>))]
[JsonSerializable(typeof(IReadOnlyList<string>))]
internal sealed partial class StoredJson : JsonSerializerContext
{
    public static string Of(Hold hold) => JsonSerializer.Serialize(hold, Default.Hold);

    public static Hold ToHold(string text) => JsonSerializer.Deserialize(text, Default.Hold)!;

    public static string? Of(MessageMetadata? metadata) =>
        metadata is null ? null : JsonSerializer.Serialize(metadata, Default.MessageMetadata);

    public static MessageMetadata? ToMetadata(string? text) =>
        text is null ? null : JsonSerializer.Deserialize(text, Default.MessageMetadata);

    public static string Of(IReadOnlyList<string> texts) =>
        JsonSerializer.Serialize(texts, Default.IReadOnlyListString);

    /// <summary>A default array, which has no items to write, is an empty one.</summary>
    public static string Of(ImmutableArray<string> texts) =>
        JsonSerializer.Serialize(texts.IsDefault ? [] : texts, Default.ImmutableArrayString);

    public static ImmutableArray<string> ToTexts(string text) =>
        JsonSerializer.Deserialize(text, Default.ImmutableArrayString);
}
