using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;

namespace Informer.Ai.Chats;

/// <summary>What a turn costs in a long chat beside a short one: in time, in rows, in bytes written.</summary>
internal sealed class ChatLengthBench(bool brief, Report report)
{
    private const string Question = "Say a little #sim tokens=16";
    private const int LatestMessages = 8;

    private readonly int[] _lengths = brief ? [10, 100, 1_000] : [10, 1_000, 10_000];
    private readonly int _rounds = brief ? 2 : 7;
    private readonly int _each = brief ? 3 : 20;

    public async Task Run()
    {
        using var directory = new TestDirectory();
        await using var simulator = await SimulatorProcess.Start();
        await using var service = await Components.Service(
            directory,
            simulator,
            // What is measured is the turn; memories of a long chat would be made beside it.
            ("Informer__Memories__OffTenants__0", "demo"),
            ("Informer__Gateway__MessagesMax", "20000"),
            ("Informer__Gateway__BodyBytesMax", "67108864"));
        using var http = service.Client();
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", service.TokenOf("analyst"));

        report.Line("# A turn in a long chat");
        report.Line();
        report.Line("Chats of some lengths on SQLite, one turn in each after the other in every round. The model is a simulator in a process of its own.");
        await Measure(
            service,
            http,
            "The same prompt in each",
            $"A message as large as the context window stands before the latest {LatestMessages}, so that the model gets the same of each chat.",
            length => [.. Said(length - LatestMessages - 1), Large(), .. Said(LatestMessages)],
            samePrompt: true);
        await Measure(
            service,
            http,
            "All that fits",
            "The model gets the whole of each chat, or what fits of it: what grows is the prompt that is sent.",
            length => [.. Said(length)],
            samePrompt: false);
    }

    private async Task Measure(
        ServiceProcess service, HttpClient http, string title, string words, Func<int, List<object>> messages, bool samePrompt)
    {
        var chats = new Dictionary<int, string>();
        foreach (var length in _lengths)
        {
            chats[length] = await NewChat(http, messages(length));
            await Turn(http, chats[length]);
        }

        var first = _lengths.ToDictionary(length => length, _ => new List<double>());
        var whole = _lengths.ToDictionary(length => length, _ => new List<double>());
        var rows = _lengths.ToDictionary(length => length, _ => new HashSet<long>());
        var bytes = _lengths.ToDictionary(length => length, _ => new List<double>());
        for (var round = 0; round < _rounds; round++)
        {
            for (var place = 0; place < _lengths.Length; place++)
            {
                var length = _lengths[(round + place) % _lengths.Length];
                var (firsts, wholes) = (new Samples(), new Samples());
                var (rowsBefore, bytesBefore) = (Rows(service), Written(service.Id));
                for (var turn = 0; turn < _each; turn++)
                {
                    var answer = await Turn(http, chats[length]);
                    firsts.Add(answer.FirstToken);
                    wholes.Add(answer.Whole);
                }

                var added = Rows(service) - rowsBefore;
                BrokenException.Unless(added % _each == 0, $"{added} rows for {_each} turns.");
                rows[length].Add(added / _each);
                bytes[length].Add((Written(service.Id) - bytesBefore) / (double)_each / 1_024);
                first[length].Add(firsts.P50);
                whole[length].Add(wholes.P50);
            }
        }

        BrokenException.Unless(rows.Values.SelectMany(added => added).Distinct().Count() == 1, "A turn of one chat adds more rows than one of another.");
        report.Heading(title);
        report.Line(words);
        report.Line();
        report.Table(
        [
            ["messages", "prompt tokens", "first token p50 ms", "ratio", "whole turn p50 ms", "ratio", "rows added", "KB written"],
            .. _lengths.Select(length => (string[])[
                length.ToString("N0", CultureInfo.InvariantCulture),
                InputTokens(service, chats[length]).ToString("N0", CultureInfo.InvariantCulture),
                first[length].Median().Text(),
                Figures.Ratio(first[length], first[_lengths[0]]).Times(),
                whole[length].Median().Text(),
                Figures.Ratio(whole[length], whole[_lengths[0]]).Times(),
                rows[length].Single().ToString(CultureInfo.InvariantCulture),
                bytes[length].Median().Text()]),
        ]);
        BrokenException.Unless(
            !samePrompt || _lengths.Select(length => InputTokens(service, chats[length])).Distinct().Count() == 1, "The prompts differ.");
    }

    private static Task<Answer> Turn(HttpClient http, string chat) => Answer.To(
        new HttpRequestMessage(HttpMethod.Post, $"/api/chats/{chat}")
        {
            Content = JsonContent.Create(new { message = new { id = "1", role = "user", parts = new[] { new { type = "text", text = Question } } } }),
        },
        http);

    private static async Task<string> NewChat(HttpClient http, List<object> messages)
    {
        using var answer = await http.PostAsJsonAsync("/api/chats", new { modelId = "go_everyday", name = "Bench", messages });
        BrokenException.Unless(answer.IsSuccessStatusCode, $"{(int)answer.StatusCode} for a chat of {messages.Count} messages.");
        return (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetString()!;
    }

    private static IEnumerable<object> Said(int count) => Enumerable.Range(0, count).Select(number => new
    {
        id = $"{number}",
        role = number % 2 == 0 ? "user" : "assistant",
        parts = new[] { new { type = "text", text = $"Message {number} says a little." } },
    });

    // More tokens than any window, in parts that are not too long each.
    private static object Large() => new
    {
        id = "large",
        role = "user",
        parts = Enumerable.Range(0, 4).Select(_ => new
        {
            type = "text",
            text = string.Concat(Enumerable.Range(0, 40_000).Select(word => word.ToString("D4", CultureInfo.InvariantCulture) + " "))[..190_000],
        }).ToArray(),
    };

    private static long Rows(ServiceProcess service) => ServiceStore.Count(
        service.DataDirectory,
        "SELECT (SELECT COUNT(*) FROM message) + (SELECT COUNT(*) FROM ledger_entry) + (SELECT COUNT(*) FROM usage_event)"
        + " + (SELECT COUNT(*) FROM turn_checkpoint)");

    private static long InputTokens(ServiceProcess service, string chat) => ServiceStore.Count(
        service.DataDirectory, $"SELECT MAX(input_tokens + cache_read_tokens) FROM usage_event WHERE chat_id = '{chat}'");

    /// <summary>Bytes that the process has handed to the kernel to write, its files and its sockets.</summary>
    private static long Written(int process) => long.Parse(
        File.ReadLines($"/proc/{process}/io").First(line => line.StartsWith("wchar:", StringComparison.Ordinal))["wchar:".Length..],
        CultureInfo.InvariantCulture);
}
