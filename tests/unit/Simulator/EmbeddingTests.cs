using System.Text.Json;
using OpenAI.Embeddings;

namespace Informer.Ai.Tests.Unit.Simulator;

[Collection(SimulatorCollection.Name)]
public sealed class EmbeddingTests(SimulatorFixture simulator)
{
    private EmbeddingClient Client => simulator.Sdk.GetEmbeddingClient("sim-embedding");

    [Fact]
    public async Task Near_texts_are_near_and_strangers_are_not()
    {
        var question = await VectorAsync("What is the name of my dog?");
        var near = await VectorAsync("The user's dog has the name Rex.");
        var stranger = await VectorAsync("Quarterly revenue grew in northern markets.");

        Assert.True(Cosine(question, near) > Cosine(question, stranger) + 0.2, $"{Cosine(question, near)} and {Cosine(question, stranger)}");
        Assert.Equal(1, Cosine(question, await VectorAsync("What is the name of my dog?")), 5);
        Assert.Equal(1, Cosine(question, question), 5);
    }

    [Fact]
    public async Task Words_of_one_stem_are_nearer_than_others()
    {
        var one = await VectorAsync("translations");

        Assert.True(Cosine(one, await VectorAsync("translating")) > Cosine(one, await VectorAsync("gardening")) + 0.1);
    }

    [Theory]
    [InlineData(null, 256)]
    [InlineData(64, 64)]
    [InlineData(1536, 1536)]
    public async Task A_vector_has_the_length_that_was_asked_for(int? dimensions, int expected)
    {
        OpenAIEmbedding embedding = await Client.GenerateEmbeddingAsync("Hello", new EmbeddingGenerationOptions { Dimensions = dimensions });

        Assert.Equal(expected, embedding.ToFloats().Length);
    }

    [Fact]
    public async Task Numbers_and_base64_are_the_same_vector()
    {
        using var response = await simulator.PostAsync("/embeddings", new { model = "sim-embedding", input = new[] { "one", "two" } });
        using var document = JsonDocument.Parse(await response.Content.ReadAsStringAsync());
        var data = document.RootElement.GetProperty("data");
        var numbers = data[1].GetProperty("embedding").EnumerateArray().Select(part => part.GetSingle());

        OpenAIEmbeddingCollection binary = await Client.GenerateEmbeddingsAsync(["one", "two"]);
        Assert.Equal(numbers, binary[1].ToFloats().ToArray());
        Assert.Equal(2, binary.Usage.InputTokenCount);
    }

    [Fact]
    public async Task Tokens_give_the_vector_of_their_text()
    {
        using var response = await simulator.PostAsync("/embeddings", new { model = "sim-embedding", input = new[] { 13225 } });
        using var document = JsonDocument.Parse(await response.Content.ReadAsStringAsync());
        var numbers = document.RootElement.GetProperty("data")[0].GetProperty("embedding").EnumerateArray().Select(part => part.GetSingle());

        Assert.Equal((await VectorAsync("Hello")).ToArray(), numbers);
    }

    [Fact]
    public async Task A_text_without_words_still_has_a_direction()
    {
        var vector = await VectorAsync("?!");

        Assert.Equal(1, Cosine(vector, vector), 5);
    }

    private async Task<ReadOnlyMemory<float>> VectorAsync(string text)
    {
        OpenAIEmbedding embedding = await Client.GenerateEmbeddingAsync(text);
        return embedding.ToFloats();
    }

    private static double Cosine(ReadOnlyMemory<float> left, ReadOnlyMemory<float> right) =>
        left.ToArray().Zip(right.ToArray(), (a, b) => (double)a * b).Sum();
}
