using System.Runtime.CompilerServices;
using System.Text.Json;
using Informer.Ai.Simulator.Directives;

namespace Informer.Ai.Tests.Unit.Simulator;

public sealed class DirectiveTests
{
    [Theory]
    [InlineData("Hello #sim tokens=5", "Hello")]
    [InlineData("#sim tokens=5\nHello", "Hello")]
    [InlineData("One #sim tokens=5 and two", "One  and two")]
    [InlineData("#sim tokens=9\nmiddle\n#sim tokens=5", "middle")]
    [InlineData("#sim\ttokens=5", "")]
    public void A_directive_is_found_anywhere_and_taken_out(string message, string rest)
    {
        var reading = DirectiveReading.Of(null, message);

        Assert.Equal((5, rest, null), (reading.Directive.Tokens, reading.Text, reading.Mistake));
    }

    [Theory]
    [InlineData("I like #simple things")]
    [InlineData("I like #sim racing")]
    [InlineData("I like #sim")]
    [InlineData("#simtokens=5")]
    [InlineData("#sim\ntokens=5")]
    public void A_word_that_looks_like_one_is_a_word(string message)
    {
        var reading = DirectiveReading.Of(null, message);

        Assert.Equal((Directive.None, message, null), (reading.Directive, reading.Text, reading.Mistake));
    }

    [Fact]
    public void Values_are_words_quoted_texts_and_json()
    {
        var (directive, _, _) = DirectiveReading.Of(
            null, """#sim say="a \"b\"\n\\ #sim tokens=7" tool=weather args={"a":["}\"",{}]} error=[1]x after=2""");

        Assert.Equal("a \"b\"\n\\ #sim tokens=7", directive.Say);
        Assert.Equal("""{"a":["}\"",{}]}""", directive.Args);
        Assert.Equal("[1]", directive.Error);
        Assert.Null(directive.Tokens);
    }

    [Fact]
    public void The_message_wins_over_the_header_key_by_key()
    {
        var (directive, _, _) = DirectiveReading.Of("fault=hang after=9 delay=5", "#sim after=2");

        Assert.Equal((Fault.Hang, 2, TimeSpan.FromMilliseconds(5)), (directive.Fault, directive.After, directive.Delay));
    }

    [Theory]
    [InlineData("#sim say=\"open")]
    [InlineData("#sim args={\"open\":[")]
    [InlineData("#sim say=\"\\")]
    [InlineData("#sim say=")]
    public void A_value_that_does_not_end_ends_with_the_text(string message)
    {
        Assert.Null(DirectiveReading.Of(null, message).Mistake);
    }

    [Fact]
    public void The_readme_names_every_key_and_every_fault()
    {
        var readme = File.ReadAllText(Path.Combine(Path.GetDirectoryName(Here())!, "../../../silo/Simulator/README.md"));
        var keys = typeof(Directive).GetProperties().Select(property => JsonNamingPolicy.KebabCaseLower.ConvertName(property.Name));

        Assert.All(keys.Except(["equality-contract"]), key => Assert.Contains($"`{key}=", readme));
        Assert.All(Faults.ByName.Keys, fault => Assert.Contains($"| `{fault}` |", readme));
    }

    private static string Here([CallerFilePath] string path = "") => path;
}
