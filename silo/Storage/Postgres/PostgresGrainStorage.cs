using System.Globalization;
using Orleans.Serialization.Serializers;
using Orleans.Storage;
using static Informer.Ai.Storage.Postgres.PostgresValues;

namespace Informer.Ai.Storage.Postgres;

/// <summary>
/// Orleans grain state in Postgres. Two activations that hold the same version cannot both write, in whichever
/// processes they are: the second is refused, also by a row that was cleared.
/// </summary>
public sealed class PostgresGrainStorage(
    PostgresDatabase database, IGrainStorageSerializer serializer, IActivatorProvider activators) : IGrainStorage
{
    public async Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        var (version, payload) = (await database.Source.QueryAsync<(long, byte[]?)>(
            GrainStorageSql.Read,
            [Text("name", stateName), Text("grain", grainId.ToString())],
            row => (row.GetInt64(0), row.IsDBNull(1) ? null : row.GetFieldValue<byte[]>(1)),
            CancellationToken.None)).SingleOrDefault();
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
        var version = (await (eTag is null
            ? database.Source.QueryAsync(
                GrainStorageSql.Insert,
                [Text("name", stateName), Text("grain", grainId.ToString()), Bytes("payload", payload)],
                row => row.GetInt64(0),
                CancellationToken.None)
            : database.Source.QueryAsync(
                GrainStorageSql.Update,
                [
                    Text("name", stateName),
                    Text("grain", grainId.ToString()),
                    Bytes("payload", payload),
                    Number("version", long.Parse(eTag, CultureInfo.InvariantCulture)),
                ],
                row => row.GetInt64(0),
                CancellationToken.None))).SingleOrDefault();
        return version == 0
            ? throw new InconsistentStateException(
                $"State '{stateName}' of {grainId} was written by another activation.", "another", eTag ?? "none")
            : ETagOf(version);
    }

    private T New<T>() => activators.GetActivator<T>().Create();
}
