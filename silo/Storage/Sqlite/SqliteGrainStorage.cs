using System.Globalization;
using Orleans.Serialization.Serializers;
using Orleans.Storage;

namespace Informer.Ai.Storage.Sqlite;

/// <summary>
/// Orleans grain state in the embedded database. Two activations that hold the same version cannot both write:
/// the second is refused, also by a row that was cleared.
/// </summary>
public sealed class SqliteGrainStorage(
    SqliteDatabase database, IGrainStorageSerializer serializer, IActivatorProvider activators) : IGrainStorage
{
    public async Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        var (version, payload) = await database.ReadAsync(
            session => session.Query<(long, byte[]?)>(
                GrainStorageSql.Read,
                row => (row.GetInt64(0), row.IsDBNull(1) ? null : row.GetFieldValue<byte[]>(1)),
                ("@name", stateName),
                ("@grain", grainId.ToString())).SingleOrDefault(),
            CancellationToken.None);
        grainState.State = payload is null ? New<T>() : serializer.Deserialize<T>(new BinaryData(payload));
        grainState.RecordExists = payload is not null;
        grainState.ETag = version == 0 ? null : ETagOf(version);
    }

    public async Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        var payload = serializer.Serialize(grainState.State).ToArray();
        grainState.ETag = await ReplaceAsync(stateName, grainId, grainState.ETag, payload);
        grainState.RecordExists = true;
    }

    public async Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        // What was never written has nothing to clear, and needs no row to say so.
        if (grainState.ETag is not null)
        {
            grainState.ETag = await ReplaceAsync(stateName, grainId, grainState.ETag, payload: null);
        }

        grainState.State = New<T>();
        grainState.RecordExists = false;
    }

    private static string ETagOf(long version) => version.ToString(CultureInfo.InvariantCulture);

    private async Task<string> ReplaceAsync(string stateName, GrainId grainId, string? eTag, byte[]? payload)
    {
        var version = await database.WriteAsync(
            session => eTag is null
                ? session.Query(
                    GrainStorageSql.Insert,
                    row => row.GetInt64(0),
                    ("@name", stateName),
                    ("@grain", grainId.ToString()),
                    ("@payload", payload)).SingleOrDefault()
                : session.Query(
                    GrainStorageSql.Update,
                    row => row.GetInt64(0),
                    ("@name", stateName),
                    ("@grain", grainId.ToString()),
                    ("@payload", payload),
                    ("@version", long.Parse(eTag, CultureInfo.InvariantCulture))).SingleOrDefault(),
            CancellationToken.None);
        return version == 0
            ? throw new InconsistentStateException(
                $"State '{stateName}' of {grainId} was written by another activation.", "another", eTag ?? "none")
            : ETagOf(version);
    }

    private T New<T>() => activators.GetActivator<T>().Create();
}
