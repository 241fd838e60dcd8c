using Informer.Ai.Chats;
using Microsoft.Extensions.AI;
using ChatMessage = Informer.Ai.Chats.ChatMessage;

namespace Informer.Ai.Memories;

public sealed class MemoryTextTests
{
    private static readonly MemoryOptions Options = new();

    [Theory]
    [InlineData("Thanks, that's all!", true)]
    [InlineData("That is all.", true)]
    [InlineData("Bye", true)]
    [InlineData("ok we're done here, thank you", true)]
    [InlineData("Read the next four bytes", false)]
    [InlineData("Is that allowed?", false)]
    [InlineData("That is all of the data that I have about the sales of the last quarter, and I would like to see a chart.", false)]
    [InlineData("", false)]
    public void A_short_message_that_says_so_closes_the_discussion(string said, bool closes) =>
        Assert.Equal(closes, MemoryText.Closes(said, Options.ClosingPhrases));

    [Fact]
    public void What_was_said_is_the_text_of_a_message_alone() => Assert.Equal(
        "One\nTwo",
        MemoryText.Said("""[{"type":"step-start"},{"type":"text","text":"One"},{"type":"reasoning","text":"Hm"},{"type":"text","text":" "},{"type":"text","text":"Two"},{"type":"file","url":"data:,x"}]"""));

    [Fact]
    public void A_transcript_says_who_said_what_and_has_an_end()
    {
        var prompt = MemoryText.Summarize([.. Enumerable.Range(0, 100).Select(at => Message(at % 2 == 0 ? "user" : "assistant", new string('x', 5_000)))]);

        Assert.Equal([ChatRole.System, ChatRole.User], prompt.Select(message => message.Role));
        Assert.StartsWith("user: xxx", prompt[1].Text, StringComparison.Ordinal);
        Assert.Contains("\nassistant: xxx", prompt[1].Text, StringComparison.Ordinal);
        Assert.InRange(prompt[1].Text.Length, 30_000, 45_000);
    }

    [Fact]
    public void A_text_is_never_cut_inside_a_character()
    {
        var text = MemoryText.Embedded(new string('x', 7_999) + "🎈");

        Assert.Equal(7_999, text.Length);
    }

    [Fact]
    public void The_direction_between_opposite_ones_is_none() =>
        Assert.Null(Embedding.Between([Embedding.Of("m", [1, 0]), Embedding.Of("m", [-1, 0])]));

    [Fact]
    public void Vectors_of_different_models_cannot_be_compared_and_one_without_a_direction_is_none()
    {
        Assert.Throws<ArgumentException>(() => Embedding.Of("m", [1, 0]).Cosine(Embedding.Of("n", [1, 0])));
        Assert.Throws<ArgumentException>(() => Embedding.Of("m", [1, 0]).Cosine(Embedding.Of("m", [1, 0, 0])));
        Assert.Throws<ArgumentException>(() => Embedding.Of("m", [0, 0]));
        Assert.Throws<ArgumentException>(() => Embedding.Of("m", [float.NaN, 0]));
        Assert.Throws<ArgumentException>(() => Embedding.Of("m", []));
        Assert.Equal(1, Embedding.Of("m", [3, 4]).Cosine(Embedding.Of("m", [6, 8])), 5);
    }

    private static StoredMessage Message(string role, string text) => new(
        new ChatMessage(new MessageId(Guid.Empty), null, role, $$"""[{"type":"text","text":"{{text}}"}]""", null, null, default, default), 0, 0);
}
