using Informer.Ai.Simulator;
using Xunit;

namespace Informer.Ai.AiSdk;

/// <summary>A client that is not ours: the published npm package <c>ai</c>, its transport, its validation and the core of useChat.</summary>
public sealed class AiSdkTests(ServiceFixture fixture, NodeScripts scripts) : IClassFixture<NodeScripts>
{
    private const string Current = "ai";

    private static readonly string[] Everything =
    [
        "turn/direct", "turn/chat", "turn/later",
        "tools/direct", "tools/chat", "tools/twice", "tools/late",
        "resume/dropped", "resume/joined", "resume/late", "resume/nothing",
        "refusal/unknownModel", "refusal/anothersChat", "refusal/tierNotAllowed",
        "abort/direct", "abort/chat", "abort/stop",
        "regenerate/direct", "regenerate/chat", "regenerate/refused",
    ];

    // It appends what it gets on joining to the half answer that it has; only a page opened anew shows it once.
    private static readonly string[] NotInVersion5 = ["resume/dropped"];

    [Theory]
    [InlineData("turn/direct")]
    [InlineData("turn/chat")]
    public Task A_turn_is_read_as_it_was_written_and_charged_as_it_says(string scenario) => Run(scenario);

    [Fact]
    public Task The_messages_of_a_chat_are_a_history_that_useChat_goes_on_from() => Run("turn/later");

    [Theory]
    [InlineData("tools/direct")]
    [InlineData("tools/chat")]
    [InlineData("tools/twice")]
    public Task A_client_tools_result_is_sent_by_itself_once_and_continues_the_same_message(string scenario) => Run(scenario);

    [Fact]
    public Task A_client_tools_error_that_comes_later_continues_the_same_message() => Run("tools/late");

    [Theory]
    [InlineData("resume/dropped")]
    [InlineData("resume/joined")]
    [InlineData("resume/late")]
    public Task A_joined_answer_is_whole_and_there_once(string scenario) => Run(scenario);

    [Fact]
    public Task Nothing_to_join_leaves_the_client_ready() => Run("resume/nothing");

    [Theory]
    [InlineData("refusal/unknownModel")]
    [InlineData("refusal/anothersChat")]
    [InlineData("refusal/tierNotAllowed")]
    public Task A_refusal_reaches_the_application_with_its_code(string scenario) => Run(scenario);

    [Theory]
    [InlineData("abort/direct")]
    [InlineData("abort/chat")]
    [InlineData("abort/stop")]
    public async Task L13_an_aborted_answer_is_cut_at_the_provider_and_settled(string scenario)
    {
        var since = fixture.Simulator.Log.LastId;
        var settled = fixture.Service.Count("SELECT COUNT(*) FROM usage_event");

        await Run(scenario);

        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        await fixture.Simulator.Log.WaitAsync(served => served.Id > since && served.Outcome == RequestOutcome.Cut, patience.Token);
        await Settled();
        Assert.True(fixture.Service.Count("SELECT COUNT(*) FROM usage_event") > settled);
    }

    [Theory]
    [InlineData("regenerate/direct")]
    [InlineData("regenerate/chat")]
    public Task A_regenerated_answer_replaces_the_old_one_for_both_sides(string scenario) => Run(scenario);

    [Fact]
    public Task A_refused_question_that_is_tried_again_takes_nothing_from_the_history() => Run("regenerate/refused");

    [Theory]
    [InlineData("ai-v6")]
    [InlineData("ai-v5")]
    public async Task Older_majors_of_the_package_are_served_as_well(string package)
    {
        await Run(package, package == "ai-v5" ? Everything.Except(NotInVersion5) : Everything);
        await Settled();
    }

    private Task Run(string scenario)
    {
        Assert.Contains(scenario, Everything);
        return Run(Current, [scenario]);
    }

    private async Task Run(string package, IEnumerable<string> scenarios) => await scripts.Run(package, scenarios, new Dictionary<string, string>
    {
        ["INFORMER_ADDRESS"] = fixture.Service.Address.ToString(),
        ["INFORMER_TOKEN"] = fixture.Service.TokenOf("analyst"),
        ["INFORMER_CHAT_OF_ANOTHER"] = await fixture.Admin.NewChat(),
    });

    // Other tests look at the whole pool.
    private Task Settled() => ServiceCalls.Eventually(
        () => Task.FromResult(fixture.Service.Count("SELECT COUNT(*) FROM credit_hold") == 0), TimeSpan.FromSeconds(10));
}
