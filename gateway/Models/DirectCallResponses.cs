using Informer.Ai.Credits;

namespace Informer.Ai.Models;

/// <summary>The vectors of texts, in their order.</summary>
/// <param name="Model">The id of the model that made them: only its own can be compared with them.</param>
public sealed record EmbeddingsResponse(
    IReadOnlyList<ReadOnlyMemory<float>> Embeddings, string Model, int Dimensions, TokensResponse Usage, decimal Credits)
{
    internal static EmbeddingsResponse Of(Embedded made) => new(
        made.Vectors, made.ModelId, made.Vectors[0].Length, TokensResponse.Of(made.Usage), CreditAmount.Of(made.CreditsMicro));
}

/// <summary>Images.</summary>
public sealed record ImagesResponse(IReadOnlyList<ImageResponse> Images, decimal Credits)
{
    internal static ImagesResponse Of(Drawn made) => new(
        [.. made.Images.Select(image => new ImageResponse(image.MediaType, Convert.ToBase64String(image.Data.Span)))],
        CreditAmount.Of(made.CreditsMicro));
}

/// <summary>One image.</summary>
/// <param name="Data">Its bytes in base64.</param>
public sealed record ImageResponse(string MediaType, string Data);
