using System.Drawing;
using Informer.Ai.Chats;
using Informer.Ai.Credits;
using Informer.Ai.Tenancy;
using AiMessage = Microsoft.Extensions.AI.ChatMessage;

namespace Informer.Ai.Models;

/// <summary>One direct call that is answered as a whole. It keeps nothing but its answer, and its hold in the pool.</summary>
[GrainType("model-call")]
public sealed class ModelCallGrain(IGrainFactory grains, ModelCalls calls, TokenCounter counter) : Grain, IModelCallGrain
{
    private Task<CallAnswer>? _answer;

    /// <inheritdoc/>
    public Task<CallAnswer> Embed(EmbedRequest request) => Once(request.Target, async call =>
    {
        var max = call.Model.Target.ContextWindow;
        for (var at = 0; max > 0 && at < request.Texts.Length; at++)
        {
            if (counter.Count(request.Texts[at]) > max)
            {
                return new CallDenied(new TurnInvalid($"input[{at}]", $"The model takes at most {max} tokens a text."));
            }
        }

        var answer = await calls.Embed(call, request.Texts);
        return answer.Result is { } made
            ? new Embedded([.. made.Value], made.Model.Target.Id, made.Usage, made.ChargedMicroCredits)
            : new CallDenied(answer.Denied!);
    });

    /// <inheritdoc/>
    public Task<CallAnswer> Draw(DrawRequest request) => Once(request.Target, async call =>
    {
        Size? size = request is { Width: { } width, Height: { } height } ? new Size(width, height) : null;
        var answer = await calls.Draw(call, request.Prompt, request.Count, size);
        return answer.Result is { } made
            ? new Drawn([.. made.Value.Select(image => new DrawnImage(image.MediaType, image.Data))], made.ChargedMicroCredits)
            : new CallDenied(answer.Denied!);
    });

    /// <inheritdoc/>
    public Task<CallAnswer> Compose(ComposeRequest request) => Once(request.Target, async call =>
    {
        var (schema, fault) = ObjectSchema.Read(request.Schema);
        if (schema is null)
        {
            return new CallDenied(new TurnInvalid("schema", fault!));
        }

        List<AiMessage> prompt = [.. request.Messages.SelectMany(message => Prompt.Messages(message.Role, message.Parts))];
        if (Prompt.HasFiles(prompt) && !call.Model.Target.Attachments)
        {
            return new CallDenied(new ModelLacksCapability("attachments"));
        }

        var answer = await calls.Compose(call, prompt, schema, request.OutputSize);
        return answer.Result is { } made ? new Composed(made.Value) : new CallDenied(answer.Denied!);
    });

    private Task<CallAnswer> Once(CallTarget target, Func<MeteredCall, Task<CallAnswer>> make)
    {
        return _answer ??= Make();

        async Task<CallAnswer> Make()
        {
            var (tenant, user, id) = UserKey.Parse(this.GetPrimaryKeyString());
            var model = await grains.GetGrain<IModelCatalogGrain>(tenant.Value).Resolve(target.ModelId);
            if (model is null || (model.Requested.Internal && !target.InternalToo))
            {
                return new CallDenied(new TurnNotFound("model"));
            }

            try
            {
                return await make(new MeteredCall(new HoldId(id), tenant, user, model, target.Entity));
            }
            catch (ProviderException failure)
            {
                return new CallFailed(failure.Code, failure.Message);
            }
            finally
            {
                // Its answer may be megabytes of images: it is kept for nobody once it is given.
                DeactivateOnIdle();
            }
        }
    }
}
