using System.ClientModel;
using System.Net;
using System.Text;
using OpenAI;
using OpenAI.Chat;

namespace Informer.Ai.Tests.Unit.Simulator;

/// <summary>What is refused without anybody asking for a fault.</summary>
[Collection(SimulatorCollection.Name)]
public sealed class RequestTests(SimulatorFixture simulator)
{
    [Fact]
    public async Task The_models_on_offer_are_listed()
    {
        OpenAI.Models.OpenAIModelCollection models = await simulator.Sdk.GetOpenAIModelClient().GetModelsAsync();

        Assert.Equal(
            ["sim-everyday", "sim-advanced", "sim-strategic", "sim-embedding", "sim-image"], models.Select(model => model.Id));
    }

    [Fact]
    public async Task An_unknown_model_is_a_404()
    {
        var failure = await Assert.ThrowsAsync<ClientResultException>(
            () => simulator.Sdk.GetChatClient("sim-embedding").CompleteChatAsync("Hello"));

        Assert.Equal(404, failure.Status);
        Assert.Contains("model_not_found", failure.Message);
    }

    [Fact]
    public async Task A_request_without_a_key_is_a_401()
    {
        using var http = new HttpClient();
        using var response = await http.GetAsync(simulator.Server.BaseAddress + "/models");

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Contains("invalid_api_key", await response.Content.ReadAsStringAsync());
    }

    [Theory]
    [InlineData("{", "invalid_json")]
    [InlineData("[]", "invalid_json")]
    [InlineData("""{"model":"sim-everyday"}""", "'messages'")]
    [InlineData("""{"model":"sim-everyday","messages":[{"role":"user","content":7}]}""", "'content'")]
    [InlineData("""{"model":"sim-everyday","messages":[{"role":"user","content":"\ud800"}]}""", "not valid Unicode")]
    [InlineData("""{"model":"sim-everyday","messages":[{"role":"user","content":"a"}],"max_tokens":0}""", "'max_tokens'")]
    public async Task A_body_that_makes_no_sense_is_a_400(string body, string expected)
    {
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, simulator.Server.BaseAddress + "/chat/completions");
        request.Headers.Add("Authorization", "Bearer any");
        request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        using var response = await http.SendAsync(request);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Contains(expected, (await response.Content.ReadAsStringAsync()).Replace("\\u0027", "'"));
    }

    [Fact]
    public async Task An_unknown_path_is_a_404_in_the_log()
    {
        var since = simulator.Server.Log.LastId;
        using var response = await simulator.PostAsync("/responses", new { model = "sim-everyday" });

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        Assert.Equal("/v1/responses", (await simulator.EndAsync(since)).Path);
    }

    [Fact]
    public async Task Parts_of_a_message_are_read_together()
    {
        ChatCompletion answer = await simulator.Chat.CompleteChatAsync(
            [new UserChatMessage(ChatMessageContentPart.CreateTextPart("Look at this"), ChatMessageContentPart.CreateImagePart(new Uri("https://example.com/a.png")))]);

        Assert.Contains("Look at this", answer.Content[0].Text);
        Assert.True(answer.Usage.InputTokenCount > 85);
    }
}
