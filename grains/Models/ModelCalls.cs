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
    /// <param name="shape">Asks for JSON of a schema, or sets the temperature; the output limit in it is not read.</param>
    /// <exception cref="ProviderException">No provider gave one to its end. What came before that is charged.</exception>
    public async Task<MeteredAnswer<string>> Complete(
        MeteredCall call, IReadOnlyList<AiMessage> prompt, int outputTokensMax, ChatOptions? shape = null)
    {
        var promptTokens = Prompt.Count(counter, prompt);
        return call.Model.Target.Chat
            ? await calls.Run(
                call,
                model => model.Chat ? new TokenUsage(promptTokens, OutputSize.TokensMax(outputTokensMax, model)) : null,
                run => Complete(run, prompt, OutputSize.TokensMax(outputTokensMax, run.Model.Target), shape))
            : MeteredAnswer<string>.No(new ModelLacksCapability("chat"));
    }

    /// <summary>One call of a chat model inside a metered call whose hold covers it.</summary>
    internal async Task<string> Complete(CallRun run, IReadOnlyList<AiMessage> prompt, int outputTokensMax, ChatOptions? shape)
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
                var promptTokens = Prompt.Count(counter, prompt);
                var reported = answer is { Complete: true, Report: { } report }
                    ? Plausible(ReportedUsage.Read(
                        report,
                        ReportedUsage.InputMax(run.Model.Target.ContextWindow, promptTokens),
                        ReportedUsage.OutputMax(outputTokensMax)))
                    : null;
                run.Add(reported ?? new TokenUsage(promptTokens, answer.OutputTokens), answer.Report, reported is null);
                run.FinishReason = FinishReasons.Of(answer.FinishReason);
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
