using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace Informer.Ai.Memories;

// The bodies that are sent and read, as Qdrant's REST API names their fields.

internal sealed record NewCollection(VectorParameters Vectors, GraphParameters HnswConfig);

internal sealed record VectorParameters(int Size, string Distance);

/// <param name="M">0: no graph over everybody's points.</param>
/// <param name="PayloadM">Edges of the graphs within each tenant.</param>
internal sealed record GraphParameters(int M, int PayloadM);

internal sealed record NewFieldIndex(string FieldName, FieldSchema FieldSchema);

internal sealed record FieldSchema(string Type, bool? IsTenant);

internal sealed record NewPoints(IReadOnlyList<Point> Points);

internal sealed record Point(Guid Id, ReadOnlyMemory<float> Vector, PointPayload Payload);

internal sealed record PointQuery(ReadOnlyMemory<float> Query, OwnerFilter Filter, int Limit, bool WithPayload, bool WithVector);

internal sealed record PointRemoval(OwnerFilter Filter);

internal sealed record QueryAnswer(QueryResult Result);

internal sealed record QueryResult(ImmutableArray<FoundPoint> Points);

internal sealed record FoundPoint(Guid Id, float Score);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(NewCollection))]
[JsonSerializable(typeof(NewFieldIndex))]
[JsonSerializable(typeof(NewPoints))]
[JsonSerializable(typeof(PointQuery))]
[JsonSerializable(typeof(PointRemoval))]
[JsonSerializable(typeof(QueryAnswer))]
internal sealed partial class QdrantJson : JsonSerializerContext;
