using Informer.Ai.Simulator;
using Informer.Ai.Tenancy;
using Xunit;

namespace Informer.Ai.Memories;

/// <summary>That recall finds the right memory: by chance it would be among five of two hundred once in forty questions.</summary>
public sealed class RecallQualityTests
{
    [Fact]
    public async Task The_right_one_of_two_hundred_memories_is_among_the_first_five_for_a_paraphrased_question()
    {
        await using var simulator = await SimulatorServer.StartAsync(new SimulatorOptions(), TimeProvider.System);
        var memories = await MemorySet.Embed(simulator, MemorySet.All.Select(pair => pair.Memory));
        var questions = await MemorySet.Embed(simulator, MemorySet.All.Select(pair => pair.Question));
        var owner = new MemoryOwner(new TenantId("acme"), new UserId("ann"));
        await using var under = new EmbeddedUnderTest();
        await under.Put(owner, "simulator", [.. memories.Select((vector, number) => (number, 1, vector))]);

        var (first, firstFive) = (0, 0);
        for (var number = 0; number < questions.Count; number++)
        {
            var right = new MemoryId(new Guid(500 + number, 0, 0, new byte[8]));
            var hits = await under.Index.SearchAsync(
                owner, new IndexQuery(Embedding.Of("simulator", questions[number]), null, 5, -1), default);
            first += hits[0].Id == right ? 1 : 0;
            firstFive += hits.Any(hit => hit.Id == right) ? 1 : 0;
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"first: {first} of 200, among the first five: {firstFive} of 200");
        Assert.Equal(200, questions.Count);
        Assert.True(firstFive >= 180, $"{firstFive} of 200 among the first five");
        Assert.True(first >= 150, $"{first} of 200 first");
    }
}
