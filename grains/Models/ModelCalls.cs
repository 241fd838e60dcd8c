using System.Drawing;
using Informer.Ai.Chats;
using Informer.Ai.Credits;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Options;
using AiMessage = Microsoft.Extensions.AI.ChatMessage;

namespace Informer.Ai.Models;

/// <summary>
/// Embeddings, images and texts from models, each as a metered call: counted, held, made, and charged by what the
/// provider reports, or by our count where its report is missing or cannot be true.
/// </summary>
public sealed class ModelCalls(
    MeteredCalls calls, IModelClients clients, TokenCounter counter, TurnMetrics metrics, IOptions<TurnOptions> options, TimeProvider time)
{
    /// <summary>The vectors of texts, in their order. Only those of one model can be compared.</summary>
    /// <exception cref="ProviderException">No provider gave them.</exception>
    public async Task<MeteredAnswer<IReadOnlyList<ReadOnlyMemory<float>>>> Embed(MeteredCall call, IReadOnlyList<string> texts)
    {
        var tokens = texts.Sum(text => counter.Count(text));
        return call.Model.Target.CreateEmbeddings
            ? await calls.Run(call, model => model.CreateEmbeddings ? new TokenUsage(Input: tokens) : null, Serve)
            : MeteredAnswer<IReadOnlyList<ReadOnlyMemory<float>>>.No(new ModelLacksCapability("createEmbeddings"));

        async Task<IReadOnlyList<ReadOnlyMemory<float>>> Serve(CallRun run)
        {
            var client = clients.EmbeddingGenerator(run.Model);
            var asked = new EmbeddingGenerationOptions { Dimensions = run.Model.Target.Dimensions };
            using var patience = new Patience(options.Value.ProviderIdleTimeout, time, run.Stop);
            var made = await patience.For(stop => client.GenerateAsync(texts, asked, stop));
            var vectors = Vectors.Check(made, texts.Count);
            var reported = made.Usage is { } report ? Plausible(ReportedUsage.ReadInput(report, ReportedUsage.InputMax(0, tokens))) : null;
            run.Add(reported ?? new TokenUsage(Input: tokens), made.Usage, reported is null);
            return vectors;
        }
    }

    /// <summary>Images of what a text describes. Each that came is charged.</summary>
    /// <exception cref="ProviderException">No provider gave any.</exception>
    public async Task<MeteredAnswer<IReadOnlyList<DataContent>>> Draw(MeteredCall call, string prompt, int count, Size? size)
    {
        return call.Model.Target.GenerateImage
            ? await calls.Run(call, model => model.GenerateImage ? new TokenUsage(Images: count) : null, Serve)
            : MeteredAnswer<IReadOnlyList<DataContent>>.No(new ModelLacksCapability("generateImage"));

        async Task<IReadOnlyList<DataContent>> Serve(CallRun run)
        {
            var client = clients.ImageGenerator(run.Model);
            var asked = new ImageGenerationOptions { Count = count, ImageSize = size };
            using var patience = new Patience(options.Value.ImageTimeout, time, run.Stop);
            var made = await patience.For(stop => client.GenerateAsync(new ImageGenerationRequest(prompt), asked, stop));
            List<DataContent> images = [.. made.Contents.OfType<DataContent>().Take(count)];
            if (images.Count == 0)
            {
                throw new ProviderException("PROVIDER_ERROR", "The model provider sent no image.");
            }

            run.Add(new TokenUsage(Images: images.Count), made.Usage, estimated: false);
            return images;
        }
    }

    /// <summary>A text of at most so many tokens, all of which are held before.</summary>
    /// <exception cref="ProviderException">No provider gave one to its end. What came before that is charged.</exception>
    public async Task<MeteredAnswer<string>> Complete(MeteredCall call, IReadOnlyList<AiMessage> prompt, int outputTokensMax)
    {
        var promptTokens = Prompt.Count(counter, prompt);
        return call.Model.Target.Chat
            ? await calls.Run(
                call,
                model => model.Chat ? new TokenUsage(promptTokens, OutputSize.TokensMax(outputTokensMax, model)) : null,
                run => Write(run, prompt, promptTokens, OutputSize.TokensMax(outputTokensMax, run.Model.Target), null))
            : MeteredAnswer<string>.No(new ModelLacksCapability("chat"));
    }

    /// <summary>
    /// A JSON value that fits a schema. A half of one is of no use, so the whole output is held, and again before
    /// the one try to repair what did not fit.
    /// </summary>
    /// <exception cref="ProviderException">No provider gave one; code SCHEMA_MISMATCH when what came did not fit. It is charged.</exception>
    public async Task<MeteredAnswer<string>> Compose(
        MeteredCall call, IReadOnlyList<AiMessage> prompt, ObjectSchema schema, string outputSize)
    {
        var schemaTokens = counter.Count(schema.Text);
        var promptTokens = Prompt.Count(counter, prompt) + schemaTokens;
        var files = Prompt.HasFiles(prompt);
        var shape = new ChatOptions { ResponseFormat = ChatResponseFormat.ForJsonSchema(schema.Json, "answer") };
        return call.Model.Target.Chat
            ? await calls.Run(
                call,
                model => model.Chat && (model.Attachments || !files) ? new TokenUsage(promptTokens, OutputSize.TokensMax(outputSize, model)) : null,
                Serve)
            : MeteredAnswer<string>.No(new ModelLacksCapability("chat"));

        async Task<string> Serve(CallRun run)
        {
            var outputMax = OutputSize.TokensMax(outputSize, run.Model.Target);
            var first = await Write(run, prompt, promptTokens, outputMax, shape);
            var (json, fault) = schema.Check(first);
            if (json is not null)
            {
                return json;
            }

            List<AiMessage> repair =
            [
                .. prompt,
                new(ChatRole.Assistant, first),
                new(ChatRole.User, $"This does not fit the schema: {fault} Answer again with JSON that fits it, and with nothing else."),
            ];
            var repairTokens = Prompt.Count(counter, repair) + schemaTokens;
            if (await run.Cover(run.Used.Plus(new TokenUsage(repairTokens, outputMax))) is null)
            {
                (json, fault) = schema.Check(await Write(run, repair, repairTokens, outputMax, shape));
            }

            return json ?? throw new ProviderException("SCHEMA_MISMATCH", $"The model's answer does not fit the schema: {fault}");
        }
    }

    private async Task<string> Write(
        CallRun run, IReadOnlyList<AiMessage> prompt, int promptTokens, int outputTokensMax, ChatOptions? shape)
    {
        var asked = shape?.Clone() ?? new ChatOptions();
        asked.MaxOutputTokens = outputTokensMax;
        var client = clients.ChatClient(run.Model);
        var answer = new CollectedText(counter, outputTokensMax);
        try
        {
            using var patience = new Patience(options.Value.ProviderIdleTimeout, time, run.Stop);
            return await patience.For(async stop =>
            {
                await foreach (var update in client.GetStreamingResponseAsync(prompt, asked, stop))
                {
                    patience.Renew();
                    if (!answer.Take(update))
                    {
                        break;
                    }
                }

                return answer.End();
            });
        }
        finally
        {
            if (answer.Any)
            {
                run.FinishReason = FinishReasons.Of(answer.FinishReason);
                var reported = answer is { Complete: true, Report: { } report }
                    ? Plausible(ReportedUsage.Read(
                        report,
                        ReportedUsage.InputMax(run.Model.Target.ContextWindow, promptTokens),
                        ReportedUsage.OutputMax(outputTokensMax)))
                    : null;
                run.Add(reported ?? new TokenUsage(promptTokens, answer.OutputTokens), answer.Report, reported is null);
            }
        }
    }

    private TokenUsage? Plausible(TokenUsage? reported)
    {
        if (reported is null)
        {
            metrics.ImplausibleUsage();
        }

        return reported;
    }
}
