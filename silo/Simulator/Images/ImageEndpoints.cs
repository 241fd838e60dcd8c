using System.Text.Json;
using Informer.Ai.Simulator.Answers;
using Informer.Ai.Simulator.Directives;
using Informer.Ai.Simulator.Models;
using Informer.Ai.Simulator.Serving;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;

namespace Informer.Ai.Simulator.Images;

internal static class ImageEndpoints
{
    private const string Path = "/v1/images/generations";
    private const int ImagesMax = 10;
    private const int TokensAnImage = 272;

    public static void MapImages(this IEndpointRouteBuilder routes, CallPipeline calls)
    {
        var answer = calls.Post(AnswerAsync);
        routes.MapPost(Path, answer);
        routes.MapPost(Redirection.Prefix + Path, answer);
    }

    private static async Task AnswerAsync(Call call, JsonElement body)
    {
        var model = body.Text("model");
        var prompt = body.Text("prompt") ?? throw new InvalidRequestException("prompt", "An image needs a 'prompt'.");
        var count = body.Number("n", ImagesMax) ?? 1;
        var (directive, subject, mistake) = call.ReadDirective(Surface.Images, prompt);
        var tokens = Tokens.Count(prompt);
        call.Exchange.Learn(new RequestFacts(model, false, tokens, 0, body.Text("user"), null), Faults.Name(directive.Fault));
        if (!ModelCatalog.Image.Contains(model))
        {
            await ModelEndpoints.RefuseAsync(call, model);
        }
        else if (mistake is not null)
        {
            await call.RefuseAsync(400, "invalid_directive", mistake, "prompt");
        }
        else if (!await Misbehaviour.ReplacesAnswerAsync(call, directive))
        {
            await call.PauseAsync(directive.First);
            await call.SendJsonAsync(200, Document(call, directive, subject, count, tokens));
            call.Exchange.SentTokens(count * TokensAnImage);
        }
    }

    private static byte[] Document(Call call, Directive directive, string subject, int count, int tokens)
    {
        var document = new Dictionary<string, object>
        {
            ["created"] = call.Exchange.StartedAt.ToUnixTimeSeconds(),
            ["data"] = Enumerable.Range(0, count).Select(number => new { b64_json = Convert.ToBase64String(Picture.Of(subject, number)) }),
        };
        if (directive.Fault != Fault.UsageMissing)
        {
            var output = count * TokensAnImage;
            document["usage"] = new
            {
                total_tokens = tokens + output,
                input_tokens = tokens,
                output_tokens = output,
                input_tokens_details = new { text_tokens = tokens, image_tokens = 0 },
            };
        }

        return JsonSerializer.SerializeToUtf8Bytes(document);
    }
}
