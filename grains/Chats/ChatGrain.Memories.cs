using Informer.Ai.Credits;
using Informer.Ai.Memories;
using Informer.Ai.Models;
using Informer.Ai.Tenancy;

namespace Informer.Ai.Chats;

/// <content>What the user's memories add to a turn, and what a turn adds to them.</content>
public sealed partial class ChatGrain
{
    // Of a small window no more than this part is given to memories.
    private const int MemoryTokensMax = 1_024;
    private const int WindowShare = 8;

    private IMemoryGrain Memories => services.Grains.GetGrain<IMemoryGrain>(UserKey.Of(_key.Tenant, _key.User));

    private static int RoomForMemories(ModelEntry model) => Math.Min(MemoryTokensMax, model.ContextWindow / WindowShare);

    // The turn is admitted, so that nothing is asked for a refused one. Whatever fails here, the turn goes on without.
    private async Task<TurnPlan> Remind(TurnPlan plan, TurnOpening opening, EntityRef? entity)
    {
        if (opening.Newest is not { Message: { Role: "user" } question } || MemoryText.Said(question.Parts) is not { Length: > 0 } said)
        {
            return plan;
        }

        try
        {
            var request = new RecallRequest(_key.Chat, plan.Id.Hold, question.Id, said, opening.Newest.Ordinal, entity);
            var recalled = await Memories.Recall(request).WaitAsync(services.Memories.RecallWait, services.Time);
            return recalled.Hits.IsEmpty ? plan : await Covered(plan, With(plan, recalled));
        }
        catch (Exception failure)
        {
            LogNotReminded(_key.Chat, plan.Id, failure.GetType().Name);
            return plan;
        }
    }

    // What an answer had before it, for whoever asks what it rests on.
    private async Task<string?> Remembered(ChatMessage answer) =>
        answer.Metadata?.Memories is { IsEmpty: false } named && await Memories.Named(named) is { IsEmpty: false } memories
            ? MemoryText.Remind(memories).Text
            : null;

    // Best first, as many as there is room for, after the chat's instructions and before its history.
    private TurnPlan With(TurnPlan plan, Recollection recalled)
    {
        var room = RoomForMemories(plan.Model.Target);
        var count = recalled.Hits.Length;
        var tokens = 0;
        while (count > 0 && (tokens = Prompt.Count(services.Counter, [Reminder(recalled, count)])) > room)
        {
            count--;
        }

        if (count == 0)
        {
            return plan;
        }

        var instructions = plan.Prompt.TakeWhile(message => message.Role == Microsoft.Extensions.AI.ChatRole.System).Count();
        return plan with
        {
            Prompt = [.. plan.Prompt.Take(instructions), Reminder(recalled, count), .. plan.Prompt.Skip(instructions)],
            PromptTokens = plan.PromptTokens + tokens,
            Memories = [.. recalled.Hits.Take(count).Select(hit => hit.Memory.Id)],
        };
    }

    private static Microsoft.Extensions.AI.ChatMessage Reminder(Recollection recalled, int count) =>
        MemoryText.Remind(recalled.Hits.Take(count).Select(hit => hit.Memory));

    // What they add to the prompt is held before it is sent; what cannot be held is left out.
    private async Task<TurnPlan> Covered(TurnPlan plan, TurnPlan reminded)
    {
        if (plan.Byok || ReferenceEquals(reminded, plan))
        {
            return reminded;
        }

        var answer = await services.Grains.GetGrain<ICreditPoolGrain>(Tenant.Value).Extend(plan.Id.Hold, reminded.CostOf(reminded.FirstSlice));
        return answer.Outcome == ExtendOutcome.Held ? reminded : plan;
    }

    // Sent and not waited for: the stream's end is not to be later for it.
    private void NoticeEnd(TurnId turn, EntityRef? entity) => _ = Memories.Notice(new TurnNotice(_key.Chat, turn.Hold, entity));
}
