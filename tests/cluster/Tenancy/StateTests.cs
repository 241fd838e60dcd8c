using System.Reflection;
using Informer.Ai.Models;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Serialization;
using Orleans.Storage;

namespace Informer.Ai.Tenancy;

public sealed class StateTests
{
    public static TheoryData<string> Keepers =>
        [.. typeof(TenantGrain).Assembly.GetTypes()
            .SelectMany(type => type.GetConstructors())
            .SelectMany(constructor => constructor.GetParameters())
            .Where(parameter => parameter.GetCustomAttribute<PersistentStateAttribute>() is not null)
            .Select(parameter => parameter.ParameterType.GetGenericArguments()[0].FullName!)];

    [Theory]
    [MemberData(nameof(Keepers))]
    public void Every_state_record_survives_a_restart(string name)
    {
        var type = typeof(TenantGrain).Assembly.GetType(name)!;
        using var services = new ServiceCollection().AddSerializer().BuildServiceProvider();
        var serializer = new OrleansGrainStorageSerializer(services.GetRequiredService<Serializer>());
        var state = Samples.First(type.IsInstanceOfType);

        var read = typeof(OrleansGrainStorageSerializer).GetMethod(nameof(OrleansGrainStorageSerializer.Deserialize))!
            .MakeGenericMethod(type)
            .Invoke(serializer, [typeof(OrleansGrainStorageSerializer).GetMethod(nameof(OrleansGrainStorageSerializer.Serialize))!.MakeGenericMethod(type).Invoke(serializer, [state])]);

        Assert.Equivalent(state, read, strict: true);
    }

    private static readonly DateTimeOffset Now = new(2026, 5, 17, 12, 0, 0, TimeSpan.Zero);

    private static readonly object[] Samples =
    [
        new TenantState
        {
            Entitlement = new Entitlement(true, false, Now),
            Profiles = [new("1", "Standard", "standard", "", 5000, [Tier.Everyday], true, true, Now, Now)],
        },
        new CatalogState
        {
            Providers = [new("own", "Own", "openai", false, "https://models.invalid", Now, Now, new("api_key", "https://models.invalid", "sealed"), new TenantId("acme"))],
            Models = [new("m", "M", "m", "", "own", "gpt", null, true, false, false, false, false, true, Tier.Everyday, "Low", 128_000, 4_096, new ModelPrices(0.1m, 0.4m, 0.025m, 0.3m, 0.5m, 0.04m), 256, 3, true, false, Now, ["x"], Now, Now)],
        },
    ];
}
