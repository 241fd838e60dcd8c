using Informer.Ai.Chats;
using Informer.Ai.Credits;
using Informer.Ai.Tenancy;
using Xunit;

namespace Informer.Ai.Storage;

/// <summary>Texts that are on disk somewhere: they are read for ever.</summary>
public sealed class StoredFormTests : IAsyncDisposable
{
    private readonly SqliteUnderTest _storage = new();

    public ValueTask DisposeAsync() => _storage.DisposeAsync();

    [Fact]
    public async Task A_hold_of_an_older_program_is_read()
    {
        var pool = new PoolDriver(_storage.Ledger);
        await pool.TakeOver();
        await _storage.ExecuteAsync(
            """
            INSERT INTO ledger_entry (tenant, seq, epoch, kind, hold_id, granted, held, settled, day, origin, at)
            VALUES ('acme', 1, 1, 'hold', '00000001000000000000000000000000', 0, 100, 0, '2026-05-20',
                '{"id":{"value":"00000001-0000-0000-0000-000000000000"},"actor":{"value":"ann"},'
                || '"entity":{"type":"app","id":"shop:1"},"byok":false,"amount":100,"day":"2026-05-20","cap":5000,'
                || '"gates":31,"operation":{"resourceType":"ai","modelId":"gpt-5","providerId":"openai",'
                || '"priceVersion":"{\u0022input\u0022:2}","chatId":"c1",'
                || '"parent":{"value":"00000384-0000-0000-0000-000000000000"}}}', 0)
            """);
        await _storage.ExecuteAsync(
            "INSERT INTO credit_hold VALUES ('acme', '00000001000000000000000000000000', 1, 100, 0)");

        var open = Assert.Single((await pool.TakeOver()).Holds);

        Assert.Equal(PoolDriver.Taken(1, 100), open.Hold);
    }

    [Fact]
    public async Task The_metadata_of_an_older_program_is_read()
    {
        var key = new ChatKey(new TenantId("acme"), new UserId("ann"), new ChatId(Guid.Empty));
        await _storage.ExecuteAsync(
            """
            INSERT INTO chat (tenant, user_id, id, auto_rename, model_id, tier, web, help_center, magic_report, pinned,
                output_size, assistant_ids, dataset_ids, library_ids, next_ordinal, created_at, updated_at)
            VALUES ('acme', 'ann', '00000000000000000000000000000000', 0, 'm', 't', 0, 0, 0, 0,
                'small', '[]', '[]', '[]', 1, 0, 0)
            """);
        await _storage.ExecuteAsync(
            """
            INSERT INTO message (tenant, user_id, chat_id, ordinal, id, role, parts, tokens, created_at, updated_at, metadata)
            VALUES ('acme', 'ann', '00000000000000000000000000000000', 0, '00000000000000000000000000000001',
                'assistant', '[]', 1, 0, 0,
                '{"modelId":"gpt-5","usage":{"input":1,"output":2,"cacheRead":3,"cacheWriteShort":4,'
                || '"cacheWriteLong":5,"reasoning":6,"images":7},"creditsMicro":4200,"estimated":true,'
                || '"finishReason":"length","turnId":{"value":"00000001-0000-0000-0000-000000000000"},'
                || '"limitedBy":"CREDIT_LIMIT"}')
            """);

        var message = await _storage.Chats.MessageBeforeAsync(key, 99, default);

        Assert.Equal(
            new MessageMetadata(
                "gpt-5",
                new TokenUsage(1, 2, 3, 4, 5, 6, 7),
                4_200,
                true,
                "length",
                new TurnId(new Guid(1, 0, 0, new byte[8])),
                "CREDIT_LIMIT"),
            message!.Message.Metadata);
    }
}
