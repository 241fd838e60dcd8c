namespace Informer.Ai.Storage.Postgres;

/// <summary>The statements of grain state. The version is the ETag: a write names the one that it replaces.</summary>
internal static class GrainStorageSql
{
    public const string Read =
        """
        SELECT version, payload FROM grain_state WHERE name = @name AND grain_id = @grain
        """;

    public const string Insert =
        """
        INSERT INTO grain_state (name, grain_id, version, payload) VALUES (@name, @grain, 1, @payload)
        ON CONFLICT (name, grain_id) DO NOTHING
        RETURNING version
        """;

    public const string Update =
        """
        UPDATE grain_state SET payload = @payload, version = version + 1
        WHERE name = @name AND grain_id = @grain AND version = @version
        RETURNING version
        """;
}
