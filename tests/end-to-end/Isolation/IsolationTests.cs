using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using Informer.Ai.Simulator;
using Xunit;

namespace Informer.Ai.Isolation;

/// <summary>
/// Every door of the API with the ids of another user or tenant: the answer is that of an id that never was, nothing
/// changes, and nothing of theirs is in an answer or a log. The doors come from the API's own description.
/// </summary>
public sealed class IsolationTests : IAsyncLifetime
{
    private static readonly string[] Kept = ["/api/chats", "/api/models", "/api/providers"];
    private readonly TestDirectory _directory = new();
    private readonly string _mark = Guid.CreateVersion7().ToString("N")[20..];
    private SimulatorServer _simulator = null!;
    private ServiceProcess _service = null!;

    private string Secret => $"canary-{_mark}-secret";

    public async ValueTask InitializeAsync()
    {
        _simulator = await SimulatorServer.StartAsync(new SimulatorOptions(), TimeProvider.System);
        _service = await ServiceProcess.Start(_directory.Path, ServiceFixture.SettingsFor(_simulator, ("Informer__Turns__ProviderIdleTimeout", "00:05:00")));
    }

    public async ValueTask DisposeAsync()
    {
        await _service.DisposeAsync();
        await _simulator.DisposeAsync();
        _directory.Dispose();
    }

    [Theory]
    [InlineData("admin", "analyst")]
    [InlineData("analyst", "admin")]
    [InlineData("other", "analyst")]
    [InlineData("admin", "other")]
    [InlineData("other", "admin")]
    public async Task Another_s_ids_are_ids_that_never_were(string who, string whose)
    {
        OtherTenant.Add(_service, "other", licensed: true);
        using var caller = ClientOf(who);
        using var owner = ClientOf(whose);
        var routes = await ApiRoutes.Read(caller);
        var theirs = new Belongings(owner, await Fill(owner, runs: whose != "other"));
        var mine = new Belongings(caller, await caller.NewChat());
        var kept = await (await caller.PostAsJsonAsync($"/api/chats/{mine.Chat}/messages", new { role = "user", parts = new[] { new { type = "text", text = "Mine" } } })).Json();
        if (who != "other")
        {
            await caller.PostAsJsonAsync($"/api/chats/{mine.Chat}/memories", new { messageIds = new[] { kept.GetProperty("id").GetString() }, summary = "Mine" });
        }

        var before = await Everything(routes, theirs, mine);
        var doors = 0;

        foreach (var route in routes)
        {
            doors += await ByPath(route, caller, theirs, mine);
            await ByBody(route, caller, theirs, mine);
            await ByQuery(route, caller);
            await ByHeader(route, caller, theirs);
            await ByEntity(route, caller, theirs, mine, apart: who == "other" || whose == "other");
        }

        var kinds = whose == "admin" && who == "other" ? new[] { "/api/chats/{id}", "/api/providers/{id}", "/api/models/{id}" } : ["/api/chats/{id}"];
        Assert.True(doors >= routes.Count(route => kinds.Any(kind => route.Path.StartsWith(kind, StringComparison.Ordinal))), $"only {doors} doors were tried");
        Assert.Equal(before, await Everything(routes, theirs, mine));
        Assert.DoesNotContain(Secret, _service.Console, StringComparison.Ordinal);
    }

    // Their ids in each place of the path, the rest being the caller's own or theirs as well.
    private async Task<int> ByPath(ApiRoute route, HttpClient caller, Belongings theirs, Belongings mine)
    {
        if (route.Ids.Count == 0 || await theirs.Ids(route, mine) is not { } ids)
        {
            return 0;
        }

        var own = await mine.Ids(route, theirs);
        for (var place = 0; place < ids.Count; place++)
        {
            // Before this place, what is the caller's own; from it on, what is theirs.
            if (place > 0 && own is null)
            {
                continue;
            }

            var foreign = ids.Select((id, at) => at < place ? own![at] : id).ToList();
            var never = foreign.Select((id, at) => at < place ? id : Guid.CreateVersion7().ToString("N")).ToList();
            var answer = await Send(caller, route, route.At(foreign), route.Example);
            var unknown = await Send(caller, route, route.At(never), route.Example);

            // Who may not use a door at all is told so, whatever the id.
            Assert.True(answer.Status is HttpStatusCode.NotFound or HttpStatusCode.Forbidden, $"{route} with another's {route.Ids[place]}: {(int)answer.Status} {answer.Body}");
            Assert.Equal(unknown, answer);
        }

        return ids.Count;
    }

    // Their ids inside a body that goes to the caller's own.
    private async Task ByBody(ApiRoute route, HttpClient caller, Belongings theirs, Belongings mine)
    {
        if (route.Example is not { } example || (route.Ids.Count > 0 && await mine.Ids(route, theirs) is null))
        {
            return;
        }

        var path = route.At(await mine.Ids(route, theirs) ?? []);
        foreach (var (name, many) in route.BodyIds)
        {
            JsonElement With(string id)
            {
                var body = JsonNode.Parse(example.GetRawText())!.AsObject();
                body[name] = many ? new JsonArray(id) : id;
                return JsonElement.Parse(body.ToJsonString());
            }

            var answer = await Send(caller, route, path, With(name.StartsWith("message", StringComparison.Ordinal) ? theirs.Message : theirs.Chat));
            var unknown = await Send(caller, route, path, With(Guid.CreateVersion7().ToString("N")));

            Assert.True(unknown.Status == answer.Status, $"{route} with another's {name}: {(int)answer.Status} and not {(int)unknown.Status}");
        }
    }

    private async Task ByQuery(ApiRoute route, HttpClient caller)
    {
        if (route.Method == "GET" && route.Ids.Count == 0)
        {
            foreach (var query in route.TextQueries)
            {
                await Send(caller, route, $"{route.Path}?{query}=canary-{_mark}", null);
            }
        }
    }

    private async Task ByHeader(ApiRoute route, HttpClient caller, Belongings theirs)
    {
        if (route.Method == "GET" && route.Path.EndsWith("/_stream", StringComparison.Ordinal))
        {
            var silent = await caller.NewChat();
            foreach (var id in new[] { "1", theirs.Chat, theirs.Message })
            {
                var answer = await Send(caller, route, route.At([silent]), null, ("Last-Event-ID", id));
                Assert.Equal(HttpStatusCode.NoContent, answer.Status);
                Assert.Equal(HttpStatusCode.NotFound, (await Send(caller, route, route.At([theirs.Chat]), null, ("Last-Event-ID", id))).Status);
            }
        }
    }

    // An entity is its tenant's word: one whose budget is spent in another tenant, or that is called like a chat of others, is like any.
    private async Task ByEntity(ApiRoute route, HttpClient caller, Belongings theirs, Belongings mine, bool apart)
    {
        if (!route.Statuses.ContainsKey(402) || (route.Ids.Count > 0 && await mine.Ids(route, theirs) is null))
        {
            return;
        }

        var path = route.At(await mine.Ids(route, theirs) ?? []);
        var unknown = await Send(caller, route, path, route.Example, ("x-informer-entity", $"app:{Guid.CreateVersion7():N}"));
        string[] named = [$"dataset:{theirs.Chat}", $"app:{theirs.Message}", .. apart ? [$"app:spent-{_mark}"] : Array.Empty<string>()];
        foreach (var entity in named)
        {
            var answer = await Send(caller, route, path, route.Example, ("x-informer-entity", entity));
            Assert.True(unknown.Status == answer.Status && Code(unknown) == Code(answer), $"{route} for {entity}: {answer.Body} and not {unknown.Body}");
        }

        static string? Code((HttpStatusCode Status, string Body) answer) =>
            (int)answer.Status >= 400 ? JsonElement.Parse(answer.Body).GetProperty("code").GetString() : null;
    }

    private async Task<(HttpStatusCode Status, string Body)> Send(
        HttpClient caller, ApiRoute route, string path, JsonElement? body, (string Name, string Value)? header = null)
    {
        using var request = new HttpRequestMessage(new HttpMethod(route.Method), path);
        if (body is { } json)
        {
            request.Content = JsonContent.Create(json);
        }

        if (header is { } more)
        {
            request.Headers.Add(more.Name, more.Value);
        }

        using var answer = await caller.SendAsync(request);
        var text = await answer.Content.ReadAsStringAsync();
        Assert.DoesNotContain(Secret, text, StringComparison.Ordinal);
        return (answer.StatusCode, text);
    }

    // A chat in which everything that can be told is secret, and one that answers.
    private async Task<string> Fill(HttpClient owner, bool runs)
    {
        var chat = await owner.NewChat(new { modelId = "go_everyday", name = Secret, instructions = Secret, directory = Secret });
        await owner.PostAsJsonAsync($"/api/chats/{chat}/messages", new { role = "user", parts = new[] { new { type = "text", text = Secret } } });
        if (runs)
        {
            var message = (await owner.Messages(chat))[0].GetProperty("id").GetString();
            (await owner.PostAsJsonAsync($"/api/chats/{chat}/memories", new { messageIds = new[] { message }, summary = Secret })).EnsureSuccessStatusCode();
            await UiStream.ReadAll(await owner.Turn(chat, $"{Secret} #sim tokens=5"));
            var running = await owner.NewChat(new { modelId = "go_everyday", name = Secret });
            (await owner.Turn(running, $"{Secret} #sim fault=hang after=2", resumable: true)).Dispose();
        }

        await FillCatalog(owner);
        return chat;
    }

    // Models and providers of its own, and an app whose budget is spent, where the owner may make them.
    private async Task FillCatalog(HttpClient owner)
    {
        var credential = new { type = "api_key", apiKey = Secret };
        var made = await owner.PostAsJsonAsync("/api/providers", new { name = Secret, type = "openai-compatible", baseUrl = _simulator.BaseAddress, credential });
        if (made.IsSuccessStatusCode)
        {
            await owner.NewModel(new { name = Secret, providerId = (await made.Json()).GetProperty("id").GetString(), model = "sim-everyday", chat = true, promptPpm = 1, completionPpm = 1 });
            (await owner.PutAsJsonAsync($"/api/usage-budgets/app/spent-{_mark}", new { monthlyBudget = 0 })).EnsureSuccessStatusCode();
        }
    }

    // All that its owner reads of what is its own, as it is told.
    private static async Task<string> Everything(IReadOnlyList<ApiRoute> routes, Belongings theirs, Belongings mine)
    {
        List<string> told = [];
        foreach (var route in routes.Where(route => route.Method == "GET" && !route.Path.EndsWith("/_stream", StringComparison.Ordinal)))
        {
            if (Kept.Any(kept => route.Path.StartsWith(kept, StringComparison.Ordinal)) && (route.Ids.Count == 0 || await theirs.Ids(route, mine) is not null))
            {
                using var answer = await theirs.Owner.GetAsync(new Uri(route.At(await theirs.Ids(route, mine) ?? []), UriKind.Relative));
                told.Add($"{route} {(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync()}");
            }
        }

        return string.Join('\n', told);
    }

    private HttpClient ClientOf(string who) => who == "other" ? OtherTenant.ClientOf(_service, who) : _service.ClientOf(who);
}
