using Informer.Ai.Simulator.Answers;
using Informer.Ai.Simulator.Directives;

namespace Informer.Ai.Simulator.Chats;

/// <summary>What is answered: the pieces of a text, or of a tool call's arguments when <see cref="Tool"/> is named.</summary>
internal sealed record ChatAnswer(Reply Reply, string? Tool)
{
    public static ChatAnswer To(ChatRequest request, Directive directive, string question)
    {
        var seed = Seed.Of(question);
        if (CalledTool(request, directive) is { } tool)
        {
            return new ChatAnswer(Reply.Exactly(directive.Args ?? SchemaDocument.Fit(tool.Parameters, seed)), tool.Name);
        }

        return new ChatAnswer(Text(request, directive, question, seed), null);
    }

    private static ChatTool? CalledTool(ChatRequest request, Directive directive)
    {
        var choice = request.ToolChoice;
        if (choice.Forbidden || request.ToolRounds >= directive.Calls)
        {
            return null;
        }

        var name = choice.Name ?? directive.Tool;
        return request.Tools.FirstOrDefault(tool => tool.Name == name)
            ?? (choice.Required && request.Tools is [var first, ..] ? first : null);
    }

    private static Reply Text(ChatRequest request, Directive directive, string question, ulong seed)
    {
        if (directive.Fault == Fault.Endless)
        {
            return Reply.OfTokens(long.MaxValue, seed);
        }

        if (directive.Say is { } say)
        {
            return Reply.Exactly(say);
        }

        if (directive.Fault == Fault.LineBreaks)
        {
            return Reply.Exactly(LineBreaks);
        }

        if (request.WantsJson)
        {
            return Reply.Exactly(SchemaDocument.Fit(request.Schema, seed));
        }

        if (directive.Tokens is { } tokens)
        {
            return Reply.OfTokens(tokens, seed);
        }

        var last = request.Messages[^1];
        return last.Role == "tool"
            ? Reply.AboutResult(ToolName(request, last), last.Text, seed)
            : Reply.About(question, seed);
    }

    /// <summary>Everything that a careless writer of server-sent events would take for the end of a line or of an event.</summary>
    public const string LineBreaks =
        "one\rtwo\r\nthree\nfour\n\nfive\r\rsix\r\n\r\ndata: seven\n\ndata: [DONE]\n\nevent: error\ndata: {}\n\nid: 8\nretry: 9\n: ten\u2028eleven\u2029twelve\u0085end";

    private static string ToolName(ChatRequest request, ChatMessage result) =>
        request.Messages.SelectMany(message => message.ToolCalls).LastOrDefault(call => call.Id == result.ToolCallId)?.Name ?? "called";
}
