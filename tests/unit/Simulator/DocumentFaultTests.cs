using System.Text;
using System.Text.Json;
using Informer.Ai.Simulator;

namespace Informer.Ai.Tests.Unit.Simulator;

/// <summary>What the faults of a stream are when the answer is one document.</summary>
[Collection(SimulatorCollection.Name)]
public sealed class DocumentFaultTests(SimulatorFixture simulator)
{
    [Theory]
    [InlineData("truncated-json")]
    [InlineData("cut-line")]
    public async Task Half_a_document_is_no_json(string fault)
    {
        using var response = await simulator.AskAsync($"#sim fault={fault}", stream: false);
        var body = await response.Content.ReadAsStringAsync();

        Assert.ThrowsAny<JsonException>(() => JsonDocument.Parse(body));
    }

    [Fact]
    public async Task A_document_that_hangs_has_sent_its_first_half()
    {
        var since = simulator.Server.Log.LastId;
        using (var response = await simulator.AskAsync("#sim fault=hang", stream: false))
        {
            await using var body = await response.Content.ReadAsStreamAsync();
            Assert.True(await body.ReadAsync(new byte[100], SimulatorFixture.Patience) > 0);
        }

        Assert.Equal(RequestOutcome.Cut, (await simulator.EndAsync(since)).Outcome);
    }

    [Fact]
    public async Task A_document_may_be_torn()
    {
        using var response = await simulator.AskAsync("#sim fault=reset", stream: false);

        await Assert.ThrowsAnyAsync<Exception>(() => response.Content.ReadAsStringAsync(SimulatorFixture.Patience));
    }

    [Fact]
    public async Task A_document_may_drip()
    {
        using var response = await simulator.AskAsync("#sim fault=drip delay=0 tokens=3", stream: false);

        JsonDocument.Parse(await response.Content.ReadAsStringAsync(SimulatorFixture.Patience)).Dispose();
    }

    [Fact]
    public async Task A_document_may_never_end()
    {
        var since = simulator.Server.Log.LastId;
        using var response = await simulator.AskAsync("#sim fault=endless", stream: false);
        await simulator.Server.Log.WaitAsync(request => request.Id > since && request.TokensSent > 500, SimulatorFixture.Patience);
        response.Dispose();

        Assert.Equal(RequestOutcome.Cut, (await simulator.EndAsync(since)).Outcome);
    }

    [Fact]
    public async Task A_document_may_hold_bytes_that_are_no_text_and_a_big_token()
    {
        using var response = await simulator.AskAsync("#sim fault=invalid-utf8", stream: false);
        using var big = await simulator.AskAsync("#sim fault=big-token size=100000", stream: false);
        var body = await response.Content.ReadAsByteArrayAsync();

        Assert.Throws<DecoderFallbackException>(() => new UTF8Encoding(false, true).GetString(body));
        Assert.InRange((await big.Content.ReadAsStringAsync()).Length, 100_000, 102_000);
    }
}
