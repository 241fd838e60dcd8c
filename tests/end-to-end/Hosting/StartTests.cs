using System.Net;
using Xunit;

namespace Informer.Ai.Hosting;

/// <summary>Starting and stopping the real program as a newcomer does.</summary>
public sealed class StartTests
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task A_first_start_makes_everything_and_a_second_changes_nothing()
    {
        using var directory = new TestDirectory();
        var data = Path.Combine(directory.Path, "data");
        string token;
        string chat;
        await using (var first = await ServiceProcess.Start(data))
        {
            token = first.TokenOf("analyst");
            using var analyst = first.ClientOf("analyst");
            chat = await analyst.NewChat();
            var (events, _) = await UiStream.ReadAll(await analyst.Turn(chat, "Hello"));

            Assert.Equal("finish", events[^1].Type);
            Assert.Contains(token, first.Console);
            Assert.Contains("curl", first.Console);
            await first.Signal("INT");
            Assert.Equal(0, await first.Exited(Soon));
        }

        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path.Combine(data, "bootstrap.json")));
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(data));
        }

        await using var second = await ServiceProcess.Start(data);
        using var again = second.ClientOf("analyst");
        Assert.Equal(token, second.TokenOf("analyst"));
        Assert.DoesNotContain(token, second.Console);
        Assert.Equal(2, (await again.Messages(chat)).Count);
        Assert.Equal(50_000, (await again.Budget()).GetProperty("pool").GetProperty("included").GetDecimal());
    }

    [Fact]
    public async Task L39_a_second_process_on_the_same_data_is_refused_and_the_first_goes_on()
    {
        using var directory = new TestDirectory();
        await using var first = await ServiceProcess.Start(directory.Path);

        await using var second = ServiceProcess.Launch(directory.Path);

        Assert.Equal(1, await second.Exited(Soon));
        Assert.Contains(directory.Path, second.Console);
        Assert.DoesNotContain("   at ", second.Console);
        using var client = first.Client();
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync(new Uri("/health/ready", UriKind.Relative))).StatusCode);
    }

    [Theory]
    [InlineData("Informer__Role", "gateway", "Informer:Role")]
    [InlineData("Informer__Mode", "Swarm", "Informer:Mode")]
    [InlineData("Informer__DrainSeconds", "-1", "Informer:DrainSeconds")]
    [InlineData("Informer__DrainSeconds", "soon", "Informer:DrainSeconds")]
    public async Task An_impossible_setting_stops_the_start_and_is_named(string name, string value, string said)
    {
        using var directory = new TestDirectory();

        await using var service = ServiceProcess.Launch(directory.Path, new Dictionary<string, string> { [name] = value });

        Assert.Equal(1, await service.Exited(Soon));
        Assert.Contains(said, service.Console);
        Assert.DoesNotContain("   at ", service.Console);
    }
}
