using Informer.Ai.Isolation;
using Xunit;

namespace Informer.Ai.Statuses;

/// <summary>
/// Each status that the API's description names for a route is provoked on the real program, and whatever a route
/// answers is named there: the description neither promises nor conceals anything.
/// </summary>
public sealed class StatusTests(StatusService service) : IClassFixture<StatusService>
{
    // Of a store that is gone: a test of its own.
    private const int Unavailable = 503;

    [Theory]
    [InlineData("chats")]
    [InlineData("memories")]
    [InlineData("models")]
    [InlineData("streaming")]
    public async Task A_route_answers_with_every_status_that_its_description_names_and_with_no_other(string chapter)
    {
        var routes = service.Routes.Where(route => Provocation.ChapterOf(route) == chapter).ToList();
        var reached = new HashSet<(string Route, int Status)>();
        List<string> unnamed = [];

        async Task Each(Func<ApiRoute, Task<(int Status, string? Code)>> provoke, Func<ApiRoute, bool>? only = null)
        {
            foreach (var route in routes.Where(only ?? (_ => true)))
            {
                var (status, code) = await provoke(route);
                reached.Add(($"{route}", status));
                if (!Named(route, status, code))
                {
                    unnamed.Add($"{route}: {status} {code}");
                }
            }
        }

        await Each(async route => await Provocation.Ask(service.Admin, route, route.Path.EndsWith("/_stream", StringComparison.Ordinal) ? service.Busy : route.Ids.Count > 0 ? await service.New() : service.Kept));
        await Each(route => Provocation.Ask(service.Admin, route, service.Silent), route => route.Statuses.ContainsKey(204));
        await Each(route => Provocation.Ask(service.Nobody, route, service.Kept));
        await Each(route => Provocation.Ask(service.Stranger, route, service.Kept));
        await Each(route => Provocation.Send(service.Admin, route, route.At(route.Ids.Select(_ => Guid.CreateVersion7().ToString("N"))), service.Kept.Body(route)), route => route.Ids.Count > 0);
        await Each(route => Provocation.Send(service.Admin, route, Asking(route, service.Kept), Things.Nonsense(route)), route => route.Example is not null || route.Queries.Count > 0);
        await Each(route => Provocation.Send(service.Admin, route, service.Kept.Path(route), "{"), route => route.Example is not null);
        await Each(route => Provocation.Send(service.Admin, route, service.Kept.Path(route), "hello", "text/plain"), route => route.Example is not null);
        await Each(route => Provocation.Send(service.Admin, route, service.Kept.Path(route), new string(' ', StatusService.BodyBytesMax + 1)), route => route.Example is not null);
        await Each(route => Provocation.Send(service.Admin, route, service.Busy.Path(route), service.Busy.Conflicting(route)), route => route.Statuses.ContainsKey(409));
        await service.WithProfile(new { creditCapPerMonth = 0 }, () => Each(route => Provocation.Ask(service.Admin, route, service.Kept), route => route.Statuses.ContainsKey(402)));
        await service.WithStreamsTaken(() => Each(route => Provocation.Ask(service.Admin, route, service.Kept), route => route.Streams));
        await service.WithoutProviders(things => Each(route => Provocation.Ask(service.Admin, route, things), route => route.Method == "GET" || route.Statuses.ContainsKey(402)));

        var wrong = unnamed.Concat(routes.SelectMany(route => route.Statuses.Keys
            .Where(status => status != Unavailable && !reached.Contains(($"{route}", status)))
            .Select(status => $"{route}: {status} was never reached"))).ToList();
        Assert.NotEmpty(routes);
        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }

    [Fact]
    public async Task Every_way_to_spend_is_402_when_credits_do_not_allow_it_and_nothing_is_called_or_held()
    {
        var metered = service.Routes.Where(route => route.Statuses.ContainsKey(402)).ToList();
        Assert.True(metered.Count >= 11, $"{metered.Count} metered routes");
        await service.Budget("app:none", 0);
        var (unlicensed, poor) = (await service.NewTenant("unlicensed", licensed: false), await service.NewTenant("poor", licensed: true));
        var (used, calls, held) = (await service.Admin.Used(), service.Simulator.Log.LastId, service.Holds);

        async Task All(string expected, HttpClient caller, Things things, params (string Name, string Value)[] headers)
        {
            // Who can pay for nothing has no memory to change.
            foreach (var route in metered.Where(route => things.Memory.Length > 0 || !route.Ids.Contains("memoryId")))
            {
                // What is said in the header counts when the body says nothing.
                var body = things.Body(route)!.AsObject();
                body.Remove("entity");
                var (status, code) = await Provocation.Send(caller, route, things.Path(route), body, headers);
                Assert.Equal((route, 402, expected), (route, status, code));
            }
        }

        await All("NOT_ENTITLED", unlicensed.Client, unlicensed.Things);
        await service.WithProfile(new { allowedModelTiers = Array.Empty<string>() }, () => All("TIER_NOT_ALLOWED", service.Admin, service.Kept));
        await service.WithProfile(new { creditCapPerMonth = 0 }, () => All("CREDIT_LIMIT", service.Admin, service.Kept));
        await All("ENTITY_BUDGET", service.Admin, service.Kept, ("x-informer-entity", "app:none"));
        await All("POOL_EXHAUSTED", poor.Client, poor.Things);

        Assert.Equal((used, calls, held), (await service.Admin.Used(), service.Simulator.Log.LastId, service.Holds));
        unlicensed.Client.Dispose();
        poor.Client.Dispose();
    }

    private static bool Named(ApiRoute route, int status, string? code) =>
        route.Statuses.TryGetValue(status, out var codes) && (status < 400 || (code is not null && codes.Contains(code)));

    private static string Asking(ApiRoute route, Things things) =>
        route.Queries.Count == 0 ? things.Path(route) : $"{things.Path(route)}?{string.Join('&', route.Queries.Select(query => $"{query}=-7x"))}";
}
