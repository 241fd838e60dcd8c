using System.Data.Common;
using Informer.Ai.Credits;
using Informer.Ai.Storage;
using Informer.Ai.Tenancy;
using Xunit;

namespace Informer.Ai.Chats;

/// <summary>What every store of conversations does.</summary>
public abstract class ChatStoreBehaviour(IStorageUnderTest storage) : IAsyncDisposable
{
    private static readonly DateTimeOffset Noon = new DateTimeOffset(2026, 5, 20, 12, 0, 0, TimeSpan.Zero).AddMicroseconds(7);
    private static readonly ChatKey Mine = Key(1);

    public ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return storage.DisposeAsync();
    }

    [Fact]
    public async Task A_chat_comes_back_as_it_was_made_also_after_a_restart()
    {
        var turn = new StoredTurn(new TurnId(Id(70)), new MessageId(Id(71)), 3, "gpt-5", "[1]", Noon);
        await storage.Chats.CreateAsync(Mine, Chat() with { Turn = turn }, [Message(0), Answer(1)], default);

        await storage.ReopenAsync();

        AssertEqual(Chat() with { Turn = turn }, await storage.Chats.FindAsync(Mine, default));
        Assert.Equal([Message(0), Answer(1)], await storage.Chats.LatestAsync(Mine, 99, 1_000, default));
    }

    [Fact]
    public async Task A_chat_with_nothing_set_comes_back_with_nothing_set()
    {
        var bare = new StoredChat(
            new ChatSettings(
                null, true, "gpt-5", "fast", null, false, false, false, false, null, "small", null, null, [], [], [], null),
            0, null, Noon, Noon);
        await storage.Chats.CreateAsync(Mine, bare, [], default);

        AssertEqual(bare, await storage.Chats.FindAsync(Mine, default));
        Assert.Null(await storage.Chats.MessageBeforeAsync(Mine, 99, default));
        Assert.Empty(await storage.Chats.LatestAsync(Mine, 99, 1_000, default));
        Assert.Equal(0, (await storage.Chats.ListMessagesAsync(Mine, 0, 10, default)).Total);
    }

    [Fact]
    public async Task Changed_settings_leave_the_rest_of_the_chat_alone()
    {
        await storage.Chats.CreateAsync(Mine, Chat(), [Message(0)], default);
        var changed = Chat().Settings with { Name = null, Web = false, Entity = null, AssistantIds = [] };

        await storage.Chats.ChangeAsync(Mine, changed, Noon.AddHours(1), default);

        AssertEqual(
            Chat() with { Settings = changed, UpdatedAt = Noon.AddHours(1) },
            await storage.Chats.FindAsync(Mine, default));
    }

    [Fact]
    public async Task Nothing_of_a_chat_is_reached_by_another_user_or_tenant()
    {
        await storage.Chats.CreateAsync(Mine, Chat(), [Message(0)], default);
        await storage.Checkpoints.WriteAsync(
            [new(Mine.Tenant, new HoldId(Id(70)), Mine.Chat, "[]", TokenUsage.None, 0)], default);

        foreach (var other in new[] { Mine with { User = new("bob") }, Mine with { Tenant = new("other") } })
        {
            await storage.Chats.ChangeAsync(other, Chat().Settings with { Name = "stolen" }, Noon, default);
            await storage.Chats.DeleteAsync(other, default);
            await storage.Chats.EndTurnAsync(other, new TurnEnd(new TurnId(Id(70)), Answer(1), Noon), default);
            await storage.Chats.EditAsync(other, Message(0) with { Tokens = 1, Message = Message(0).Message with { Parts = "[]" } }, default);
            await storage.Chats.RemoveAsync(other, 0, long.MaxValue, default);
            await storage.Chats.ForkAsync(other, Key(9).Chat, Chat(), 99, default);
            Assert.Empty(await storage.Chats.LatestAsync(other with { Chat = Key(9).Chat }, 99, 1_000, default));
            await storage.Chats.DeleteAsync(other with { Chat = Key(9).Chat }, default);
            Assert.False(await storage.Chats.NameAsync(other, "stolen", default));
            Assert.Empty(await storage.Chats.MessagesAfterAsync(other, -1, 9, default));
            await Assert.ThrowsAnyAsync<Exception>(() => storage.Chats.AppendAsync(other, Message(7), default));
            await Assert.ThrowsAnyAsync<Exception>(() => storage.Chats.BeginTurnAsync(other, Start(1), default));

            Assert.Null(await storage.Chats.FindAsync(other, default));
            Assert.Empty(await storage.Chats.LatestAsync(other, 99, 1_000, default));
            Assert.Null(await storage.Chats.MessageBeforeAsync(other, 99, default));
            Assert.Null(await storage.Chats.FindMessageAsync(other, Message(0).Message.Id.ToString(), default));
            Assert.Null(await storage.Chats.FindMessageAsync(other, "client-0", default));
            Assert.Equal(0, (await storage.Chats.ListMessagesAsync(other, 0, 10, default)).Total);
            Assert.Equal(0, (await storage.Chats.ListAsync(other.Tenant, other.User, All, default)).Total);
        }

        AssertEqual(Chat(), await storage.Chats.FindAsync(Mine, default));
        Assert.Equal([Message(0)], await storage.Chats.LatestAsync(Mine, 99, 1_000, default));
        Assert.NotNull(await storage.Checkpoints.FindAsync(Mine.Tenant, new HoldId(Id(70)), default));
    }

    [Fact]
    public async Task A_deleted_chat_takes_its_messages_and_checkpoints_with_it_and_no_other()
    {
        await storage.Chats.CreateAsync(Mine, Chat(), [Message(0)], default);
        await storage.Chats.CreateAsync(Key(2), Chat(), [Message(0)], default);
        await storage.Checkpoints.WriteAsync(
            [
                new(Mine.Tenant, new HoldId(Id(70)), Mine.Chat, "[]", TokenUsage.None, 0),
                new(Mine.Tenant, new HoldId(Id(71)), Key(2).Chat, "[]", TokenUsage.None, 0),
            ],
            default);

        await storage.Chats.DeleteAsync(Mine, default);

        Assert.Null(await storage.Chats.FindAsync(Mine, default));
        Assert.Equal(1, await storage.NumberAsync("SELECT count(*) FROM message"));
        Assert.Null(await storage.Checkpoints.FindAsync(Mine.Tenant, new HoldId(Id(70)), default));
        Assert.NotNull(await storage.Checkpoints.FindAsync(Mine.Tenant, new HoldId(Id(71)), default));
        Assert.NotNull(await storage.Chats.MessageBeforeAsync(Key(2), 99, default));
    }

    [Fact]
    public async Task Chats_are_listed_pinned_first_and_then_the_latest()
    {
        await Add(1, "one", Noon);
        await Add(2, "two", Noon.AddHours(2));
        await Add(3, "three", Noon.AddHours(1));
        await Add(4, "four", Noon.AddHours(-1), pinned: true);

        Assert.Equal((4, "four two three one"), await List(All));
        Assert.Equal((4, "two three"), await List(All with { Offset = 1, Limit = 2 }));
        Assert.Equal((4, string.Empty), await List(All with { Offset = 9 }));
        Assert.Equal((3, "two three one"), await List(All with { Pinned = false }));
        Assert.Equal((1, "four"), await List(All with { Pinned = true }));
    }

    [Fact]
    public async Task Chats_are_found_by_a_part_of_their_name_in_any_case_and_taken_literally()
    {
        await Add(1, "Straße 100% ÄÖ", Noon.AddHours(3));
        await Add(2, "strand_1000", Noon.AddHours(2));
        await Add(3, null, Noon.AddHours(1));

        Assert.Equal((2, "Straße 100% ÄÖ strand_1000"), await List(All with { Search = "STRA" }));
        Assert.Equal((1, "Straße 100% ÄÖ"), await List(All with { Search = "äö" }));
        Assert.Equal((1, "Straße 100% ÄÖ"), await List(All with { Search = "0%" }));
        Assert.Equal((1, "strand_1000"), await List(All with { Search = "d_" }));
        Assert.Equal((0, string.Empty), await List(All with { Search = "s%a" }));
        Assert.Equal(3, (await List(All with { Search = string.Empty })).Total);
    }

    [Fact]
    public async Task Chats_are_filtered_by_directory()
    {
        await Add(1, "one", Noon, directory: "work");
        await Add(2, "two", Noon, directory: "home");
        await Add(3, "three", Noon);

        Assert.Equal((1, "one"), await List(All with { Directory = "work" }));
    }

    [Fact]
    public async Task A_listed_chat_shows_the_turn_in_flight()
    {
        await storage.Chats.CreateAsync(Mine, Chat(), [], default);
        await storage.Chats.BeginTurnAsync(Mine, Start(1), default);

        var listed = Assert.Single((await storage.Chats.ListAsync(Mine.Tenant, Mine.User, All, default)).Chats);

        Assert.Equal(new TurnRef(new TurnId(Id(70)), Noon.AddMinutes(1)), listed.Turn);
        Assert.Equal((Mine.Chat, Noon, Noon.AddMinutes(1)), (listed.Id, listed.CreatedAt, listed.UpdatedAt));
    }

    [Fact]
    public async Task A_turn_begins_with_its_mark_its_input_and_without_what_it_replaces()
    {
        await storage.Chats.CreateAsync(Mine, Chat(), [Message(0), Answer(1), Message(2), Answer(3)], default);

        await storage.Chats.BeginTurnAsync(Mine, Start(5) with { RemoveFrom = 2, Input = Message(4) }, default);

        var chat = await storage.Chats.FindAsync(Mine, default);
        Assert.Equal((Start(5).Turn, 6), (chat!.Turn, chat.NextOrdinal));
        Assert.Equal([Message(0), Answer(1), Message(4)], await storage.Chats.LatestAsync(Mine, 99, 1_000, default));
    }

    [Fact]
    public async Task An_input_whose_id_is_there_replaces_that_message()
    {
        await storage.Chats.CreateAsync(Mine, Chat(), [Message(0), Answer(1)], default);
        var results = Answer(1) with { Tokens = 30, Message = Answer(1).Message with { Parts = "[2]", UpdatedAt = Noon.AddHours(1) } };

        await storage.Chats.BeginTurnAsync(Mine, Start(1) with { Input = results }, default);

        Assert.Equal([Message(0), results], await storage.Chats.LatestAsync(Mine, 99, 1_000, default));
    }

    [Fact]
    public async Task L27_A_turn_whose_input_cannot_be_kept_does_not_begin()
    {
        await storage.Chats.CreateAsync(Mine, Chat(), [Message(0), Answer(1)], default);

        await Assert.ThrowsAnyAsync<DbException>(() => storage.Chats.BeginTurnAsync(
            Mine, Start(2) with { RemoveFrom = 1, Input = Message(5) with { Ordinal = 0 } }, default));

        Assert.Null((await storage.Chats.FindAsync(Mine, default))!.Turn);
        Assert.Equal([Message(0), Answer(1)], await storage.Chats.LatestAsync(Mine, 99, 1_000, default));
    }

    [Fact]
    public async Task A_turn_ends_with_its_answer_and_without_mark_and_checkpoint()
    {
        await storage.Chats.CreateAsync(Mine, Chat(), [Message(0)], default);
        await storage.Chats.BeginTurnAsync(Mine, Start(1), default);
        await storage.Checkpoints.WriteAsync(
            [new(Mine.Tenant, new HoldId(Id(70)), Mine.Chat, "[]", TokenUsage.None, 0)], default);

        await storage.Chats.EndTurnAsync(Mine, new TurnEnd(new TurnId(Id(70)), Answer(1), Noon.AddMinutes(2)), default);

        var chat = await storage.Chats.FindAsync(Mine, default);
        Assert.Equal((null, Noon.AddMinutes(2)), (chat!.Turn, chat.UpdatedAt));
        Assert.Equal([Message(0), Answer(1)], await storage.Chats.LatestAsync(Mine, 99, 1_000, default));
        Assert.Null(await storage.Checkpoints.FindAsync(Mine.Tenant, new HoldId(Id(70)), default));
    }

    [Fact]
    public async Task A_turn_that_brought_nothing_ends_without_an_answer()
    {
        await storage.Chats.CreateAsync(Mine, Chat(), [Message(0)], default);
        await storage.Chats.BeginTurnAsync(Mine, Start(1), default);

        await storage.Chats.EndTurnAsync(Mine, new TurnEnd(new TurnId(Id(70)), null, Noon), default);

        Assert.Null((await storage.Chats.FindAsync(Mine, default))!.Turn);
        Assert.Equal([Message(0)], await storage.Chats.LatestAsync(Mine, 99, 1_000, default));
    }

    [Fact]
    public async Task L22_The_end_of_a_turn_that_is_over_changes_nothing()
    {
        await storage.Chats.CreateAsync(Mine, Chat(), [Message(0)], default);
        await storage.Chats.BeginTurnAsync(Mine, Start(1), default);

        await storage.Chats.EndTurnAsync(Mine, new TurnEnd(new TurnId(Id(69)), Answer(1), Noon.AddHours(9)), default);

        var chat = await storage.Chats.FindAsync(Mine, default);
        Assert.Equal((Start(1).Turn, Noon.AddMinutes(1)), (chat!.Turn, chat.UpdatedAt));
        Assert.Equal([Message(0)], await storage.Chats.LatestAsync(Mine, 99, 1_000, default));
    }

    [Theory]
    [InlineData(99, 1_000, "0 1 2 3")]
    [InlineData(3, 1_000, "0 1 2")]
    [InlineData(99, 30, "1 2 3")]
    [InlineData(99, 29, "2 3")]
    [InlineData(99, 9, "")]
    [InlineData(0, 1_000, "")]
    public async Task The_latest_messages_fill_the_budget_from_the_newest_back(long before, int tokensMax, string ordinals)
    {
        await storage.Chats.CreateAsync(Mine, Chat(), [.. Enumerable.Range(0, 4).Select(Message)], default);

        var latest = await storage.Chats.LatestAsync(Mine, before, tokensMax, default);

        Assert.Equal(ordinals, string.Join(' ', latest.Select(message => message.Ordinal)));
    }

    [Fact]
    public async Task A_large_message_ends_the_latest_ones_and_smaller_older_ones_do_not_jump_it()
    {
        await storage.Chats.CreateAsync(
            Mine, Chat(), [Message(0), Message(1) with { Tokens = 500 }, Message(2)], default);

        Assert.Equal([Message(2)], await storage.Chats.LatestAsync(Mine, 99, 100, default));
    }

    [Fact]
    public async Task A_message_is_found_by_its_id_or_else_by_its_clients()
    {
        var impostor = Message(2) with
        {
            Message = Message(2).Message with { ClientId = Message(0).Message.Id.ToString() },
        };
        await storage.Chats.CreateAsync(Mine, Chat(), [Message(0), Message(1), impostor], default);

        Assert.Equal(Message(0), await storage.Chats.FindMessageAsync(Mine, Message(0).Message.Id.ToString(), default));
        Assert.Equal(Message(1), await storage.Chats.FindMessageAsync(Mine, "client-1", default));
        Assert.Null(await storage.Chats.FindMessageAsync(Mine, "client-9", default));
        Assert.Equal(impostor, await storage.Chats.MessageBeforeAsync(Mine, 99, default));
        Assert.Equal(Message(1), await storage.Chats.MessageBeforeAsync(Mine, 2, default));
    }

    [Theory]
    [InlineData("""[ {"type":"data-x","b":1.10,"a":1e2,"a":[ ]} ]""")]
    [InlineData("""[{"text":"nul \u0000, half \ud83c, escaped \u00fc"}]""")]
    [InlineData("[{\"text\":\"\r\n\t\u2028 \u007f\"}]")]
    public async Task The_parts_of_a_message_come_back_byte_for_byte(string parts)
    {
        var sent = Message(0) with { Message = Message(0).Message with { Parts = parts } };
        await storage.Chats.CreateAsync(Mine, Chat(), [sent], default);
        await storage.Checkpoints.WriteAsync([new(Mine.Tenant, new HoldId(Id(70)), Mine.Chat, parts, TokenUsage.None, 0)], default);

        Assert.Equal(sent, await storage.Chats.MessageBeforeAsync(Mine, 99, default));
        Assert.Equal(parts, (await storage.Checkpoints.FindAsync(Mine.Tenant, new HoldId(Id(70)), default))!.Parts);
    }

    [Fact]
    public async Task A_name_with_a_nul_is_kept_and_found()
    {
        await Add(1, "a\0b", Noon);

        Assert.Equal(1, (await List(All with { Search = "\0B" })).Total);
    }

    [Fact]
    public async Task A_message_is_added_at_the_end_and_moves_the_chat_up()
    {
        await storage.Chats.CreateAsync(Mine, Chat(), [Message(0)], default);
        var added = Message(4) with { Message = Message(4).Message with { CreatedAt = Noon.AddHours(1) } };

        await storage.Chats.AppendAsync(Mine, added, default);

        var chat = await storage.Chats.FindAsync(Mine, default);
        Assert.Equal((5, Noon.AddHours(1)), (chat!.NextOrdinal, chat.UpdatedAt));
        Assert.Equal([Message(0), added], await storage.Chats.LatestAsync(Mine, 99, 1_000, default));
    }

    [Fact]
    public async Task An_edit_changes_parts_and_feedback_of_one_message_and_nothing_else()
    {
        await storage.Chats.CreateAsync(Mine, Chat(), [Message(0), Answer(1)], default);
        var edited = Answer(1) with
        {
            Tokens = 77,
            Message = Answer(1).Message with { Parts = "[1]", Feedback = null, UpdatedAt = Noon.AddHours(1) },
        };

        await storage.Chats.EditAsync(Mine, edited with { Message = edited.Message with { Role = "user", Metadata = null } }, default);

        Assert.Equal([Message(0), edited], await storage.Chats.LatestAsync(Mine, 99, 1_000, default));
        AssertEqual(Chat(), await storage.Chats.FindAsync(Mine, default));
    }

    [Theory]
    [InlineData(1, 1, "0 2 3")]
    [InlineData(2, long.MaxValue, "0 1")]
    [InlineData(9, long.MaxValue, "0 1 2 3")]
    public async Task Messages_are_removed_from_one_place_to_another(long first, long last, string left)
    {
        await storage.Chats.CreateAsync(Mine, Chat(), [.. Enumerable.Range(0, 4).Select(Message)], default);
        await storage.Chats.CreateAsync(Key(2), Chat(), [Message(1)], default);

        await storage.Chats.RemoveAsync(Mine, first, last, default);

        Assert.Equal(left, Ordinals(await storage.Chats.LatestAsync(Mine, 99, 1_000, default)));
        Assert.Equal("1", Ordinals(await storage.Chats.LatestAsync(Key(2), 99, 1_000, default)));
    }

    [Fact]
    public async Task A_fork_has_the_history_up_to_a_place_and_lives_on_its_own()
    {
        await storage.Chats.CreateAsync(Mine, Chat(), [Message(0), Answer(1), Message(2)], default);
        var fork = Chat() with { Settings = Chat().Settings with { Name = "Fork" }, NextOrdinal = 2, CreatedAt = Noon.AddHours(1) };

        await storage.Chats.ForkAsync(Mine, Key(2).Chat, fork, 1, default);
        await storage.Chats.DeleteAsync(Mine, default);

        AssertEqual(fork, await storage.Chats.FindAsync(Key(2), default));
        Assert.Equal([Message(0), Answer(1)], await storage.Chats.LatestAsync(Key(2), 99, 1_000, default));
    }

    [Fact]
    public async Task Messages_are_read_on_from_any_place()
    {
        var messages = new[] { 0, 1, 4, 5, 9 }.Select(Message).ToArray();
        await storage.Chats.CreateAsync(Mine, Chat(), messages, default);

        Assert.Equal(messages[..2], await storage.Chats.MessagesAfterAsync(Mine, -1, 2, default));
        Assert.Equal(messages[2..], await storage.Chats.MessagesAfterAsync(Mine, 1, 9, default));
        Assert.Empty(await storage.Chats.MessagesAfterAsync(Mine, 9, 9, default));
    }

    [Fact]
    public async Task A_chat_is_named_by_the_service_unless_its_owner_was_first_or_wants_no_name()
    {
        var unnamed = Chat() with { Settings = Chat().Settings with { Name = null, AutoRename = true } };
        await storage.Chats.CreateAsync(Mine, unnamed, [], default);
        await storage.Chats.CreateAsync(Key(2), Chat() with { Settings = unnamed.Settings with { Name = "Mine" } }, [], default);
        await storage.Chats.CreateAsync(Key(3), Chat() with { Settings = unnamed.Settings with { AutoRename = false } }, [], default);

        Assert.True(await storage.Chats.NameAsync(Mine, "ÄÖ plans", default));
        Assert.False(await storage.Chats.NameAsync(Mine, "Again", default));
        Assert.False(await storage.Chats.NameAsync(Key(2), "Theirs", default));
        Assert.False(await storage.Chats.NameAsync(Key(3), "Theirs", default));

        AssertEqual(unnamed with { Settings = unnamed.Settings with { Name = "ÄÖ plans" } }, await storage.Chats.FindAsync(Mine, default));
        Assert.Equal((1, "ÄÖ plans"), await List(All with { Search = "äö" }));
    }

    [Fact]
    public async Task That_a_name_was_tried_for_is_kept_with_the_end_of_its_turn_and_for_good()
    {
        await storage.Chats.CreateAsync(Mine, Chat(), [Message(0)], default);
        await storage.Chats.BeginTurnAsync(Mine, Start(1), default);
        await storage.Chats.EndTurnAsync(Mine, new TurnEnd(new TurnId(Id(70)), Answer(1), Noon, Naming: true), default);
        Assert.True((await storage.Chats.FindAsync(Mine, default))!.NamingTried);

        await storage.Chats.BeginTurnAsync(Mine, Start(2), default);
        await storage.Chats.EndTurnAsync(Mine, new TurnEnd(new TurnId(Id(70)), null, Noon), default);

        Assert.True((await storage.Chats.FindAsync(Mine, default))!.NamingTried);
    }

    [Fact]
    public async Task Messages_are_paged_in_order_across_gaps()
    {
        var messages = new[] { 0, 1, 4, 5, 9 }.Select(Message).ToArray();
        await storage.Chats.CreateAsync(Mine, Chat(), messages, default);

        var page = await storage.Chats.ListMessagesAsync(Mine, 1, 3, default);
        var beyond = await storage.Chats.ListMessagesAsync(Mine, 5, 3, default);

        Assert.Equal(5, page.Total);
        Assert.Equal(messages[1..4].Select(message => message.Message), page.Messages);
        Assert.Equal((5, 0), (beyond.Total, beyond.Messages.Length));
    }

    [Fact]
    public async Task Two_messages_never_share_a_place_or_an_id()
    {
        await Assert.ThrowsAnyAsync<DbException>(() =>
            storage.Chats.CreateAsync(Mine, Chat(), [Message(0), Message(1) with { Ordinal = 0 }], default));

        Assert.Null(await storage.Chats.FindAsync(Mine, default));
    }

    private static string Ordinals(IEnumerable<StoredMessage> messages) => string.Join(' ', messages.Select(message => message.Ordinal));

    private static ChatQuery All => new(50, 0, null, null, null);

    private static Guid Id(int number) => new(number, 0, 0, new byte[8]);

    private static ChatKey Key(int number) => new(new TenantId("acme"), new UserId("ann"), new ChatId(Id(number)));

    private static StoredChat Chat() => new(
        new ChatSettings(
            "Plans", false, "gpt-5", "smart", "Be brief.", true, true, true, true, "work", "large", "o1", "p1",
            ["a1", "a2"], ["d1"], ["l1"], new EntityRef("app", "shop:1")),
        4, null, Noon, Noon);

    private static StoredMessage Message(int ordinal) => new(
        new ChatMessage(
            new MessageId(Id(100 + ordinal)), $"client-{ordinal}", "user", """[{"type":"text","text":"Grüße 🎈"}]""",
            null, null, Noon, Noon),
        ordinal,
        10);

    private static StoredMessage Answer(int ordinal) => new(
        new ChatMessage(
            new MessageId(Id(100 + ordinal)), null, "assistant", "[]",
            new MessageMetadata(
                "gpt-5", new TokenUsage(1, 2, 3, 4, 5, 6, 7), 4_200, true, "length", new TurnId(Id(70)), "CREDIT_LIMIT"),
            "up", Noon, Noon),
        ordinal,
        10);

    private static TurnStart Start(long ordinal) => new(
        new StoredTurn(new TurnId(Id(70)), new MessageId(Id(71)), ordinal, "gpt-5", null, Noon.AddMinutes(1)),
        null,
        null,
        ordinal + 1);

    /// <summary>Records compare immutable arrays by reference, so those are compared as text.</summary>
    private static void AssertEqual(StoredChat expected, StoredChat? actual)
    {
        static string Texts(StoredChat chat) => string.Join(
            '|',
            new[] { chat.Settings.AssistantIds, chat.Settings.DatasetIds, chat.Settings.LibraryIds }
                .Select(ids => string.Join(',', ids)));
        static StoredChat Without(StoredChat chat) => chat with
        {
            Settings = chat.Settings with { AssistantIds = default, DatasetIds = default, LibraryIds = default },
        };
        Assert.NotNull(actual);
        Assert.Equal(Texts(expected), Texts(actual));
        Assert.Equal(Without(expected), Without(actual));
    }

    private Task Add(int number, string? name, DateTimeOffset updatedAt, bool pinned = false, string? directory = null) =>
        storage.Chats.CreateAsync(
            Key(number),
            Chat() with
            {
                Settings = Chat().Settings with { Name = name, Pinned = pinned, Directory = directory },
                UpdatedAt = updatedAt,
            },
            [],
            default);

    private async Task<(int Total, string Names)> List(ChatQuery query)
    {
        var page = await storage.Chats.ListAsync(Mine.Tenant, Mine.User, query, default);
        return (page.Total, string.Join(' ', page.Chats.Select(chat => chat.Settings.Name)));
    }
}
