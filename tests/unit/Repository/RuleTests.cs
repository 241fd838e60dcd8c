using System.Reflection;
using Informer.Ai.Credits;
using Informer.Ai.Errors;

namespace Informer.Ai.Repository;

/// <summary>Rules of the house that a reader relies on.</summary>
public sealed class RuleTests
{
    private static readonly Assembly Interfaces = typeof(HoldId).Assembly;
    private static readonly Assembly Grains = typeof(CreditPool).Assembly;
    private static readonly Assembly Gateway = typeof(ErrorCodes).Assembly;

    [Fact]
    public void Dependencies_point_one_way()
    {
        Assert.DoesNotContain(References(Interfaces), name => name.StartsWith("Informer.", StringComparison.Ordinal));
        Assert.DoesNotContain(Gateway.GetName().Name!, References(Grains));
        Assert.DoesNotContain(Grains.GetName().Name!, References(Gateway));
    }

    [Theory]
    [InlineData("Microsoft.AspNetCore")]
    [InlineData("Microsoft.Data")]
    [InlineData("Npgsql")]
    [InlineData("OpenAI")]
    [InlineData("System.Net.Http")]
    public void Grains_know_no_http_no_sql_and_no_vendor(string prefix) =>
        Assert.DoesNotContain(References(Grains), name => name.StartsWith(prefix, StringComparison.Ordinal));

    [Fact]
    public void Every_refusal_has_the_code_that_the_contract_names()
    {
        var codes = Enum.GetValues<RefusalCode>().Order().Select(CodeNames.Of);

        Assert.Equal(["NOT_ENTITLED", "TIER_NOT_ALLOWED", "CREDIT_LIMIT", "ENTITY_BUDGET", "POOL_EXHAUSTED"], codes);
    }

    [Fact]
    public void Error_codes_are_unique_and_in_upper_snake_case()
    {
        var codes = typeof(ErrorCodes).GetFields(BindingFlags.Public | BindingFlags.Static).Select(field => (string)field.GetValue(null)!).ToList();

        Assert.Equal(codes.Distinct(), codes);
        Assert.All(codes, code => Assert.Matches("^[A-Z]+(_[A-Z]+)*$", code));
    }

    private static IEnumerable<string> References(Assembly assembly) => assembly.GetReferencedAssemblies().Select(name => name.Name!);
}
