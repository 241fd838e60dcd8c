using Informer.Ai.Credits;

namespace Informer.Ai.Models;

public sealed class PricingTests
{
    private static readonly ModelPrices Usual = new(2.5m, 10m, 0.25m, 3.125m, 5m, 0.04m);

    [Theory]
    [InlineData(0, 0, 0, 0, 0, 0, 0)]
    [InlineData(1_000_000, 0, 0, 0, 0, 0, 250_000_000)]
    [InlineData(0, 1_000_000, 0, 0, 0, 0, 1_000_000_000)]
    [InlineData(0, 0, 1_000_000, 0, 0, 0, 25_000_000)]
    [InlineData(0, 0, 0, 1_000_000, 0, 0, 312_500_000)]
    [InlineData(0, 0, 0, 0, 1_000_000, 0, 500_000_000)]
    [InlineData(0, 0, 0, 0, 0, 1, 4_000_000)]
    [InlineData(1_234, 567, 89, 10, 11, 2, 8_886_350)]
    public void A_usage_has_this_price(long input, long output, long cacheRead, long writeShort, long writeLong, long images, long microCredits)
    {
        var usage = new TokenUsage(input, output, cacheRead, writeShort, writeLong, Reasoning: output, Images: images);

        Assert.Equal(microCredits, Pricing.MicroCredits(usage, Usual));
    }

    [Fact]
    public void A_price_is_rounded_up_once_at_the_end()
    {
        var prices = new ModelPrices(0.004m, 0.004m, 0.001m);

        Assert.Equal(1, Pricing.MicroCredits(new TokenUsage(1), prices));
        Assert.Equal(1, Pricing.MicroCredits(new TokenUsage(1, 1, 2), prices));
        Assert.Equal(2, Pricing.MicroCredits(new TokenUsage(1, 1, 3), prices));
    }

    [Fact]
    public void A_price_that_binary_fractions_cannot_hold_is_exact()
    {
        Assert.Equal(30, Pricing.MicroCredits(new TokenUsage(3), new ModelPrices(0.1m, 0)));
        Assert.Equal(700_000_000_000_001, Pricing.MicroCredits(new TokenUsage(10_000_000_000_000, 1), new ModelPrices(0.7m, 0.01m)));
    }

    [Fact]
    public void L20_A_price_of_zero_costs_nothing() =>
        Assert.Equal(0, Pricing.MicroCredits(new TokenUsage(1_000_000, 1_000_000), new ModelPrices(0, 0)));

    [Fact]
    public void The_highest_prices_of_the_largest_calls_fit_in_64_bits()
    {
        const decimal highest = 1_000_000;
        var prices = new ModelPrices(highest, highest, highest, highest, highest, highest);

        Assert.Null(Pricing.Fault(prices));
        Assert.Equal(1_000_000_000_000_000, Pricing.MicroCredits(new TokenUsage(10_000_000), prices));
        Assert.Equal(5_000_000_000_000_000, Pricing.MicroCredits(new TokenUsage(10_000_000, 10_000_000, 10_000_000, 10_000_000, 10_000_000), prices));
        Assert.Equal(1_000_000_000_000_000, Pricing.MicroCredits(new TokenUsage(Images: 10), prices));
    }

    [Fact]
    public void L19_A_usage_beyond_64_bits_throws_and_never_wraps()
    {
        var prices = new ModelPrices(1_000_000, 1_000_000, ImagePrice: 1_000_000);

        Assert.Throws<OverflowException>(() => Pricing.MicroCredits(new TokenUsage(long.MaxValue), prices));
        Assert.Throws<OverflowException>(() => Pricing.MicroCredits(new TokenUsage(Images: long.MaxValue), prices));
    }

    public static TheoryData<ModelPrices> Impossible() =>
    [
        new ModelPrices(-1, 0),
        new ModelPrices(0, -0.000_001m),
        new ModelPrices(0, 0, CacheReadPpm: -1),
        new ModelPrices(0, 0, CacheWriteShortPpm: -1),
        new ModelPrices(0, 0, CacheWriteLongPpm: -1),
        new ModelPrices(0, 0, ImagePrice: -1),
        new ModelPrices(1_000_001, 0),
        new ModelPrices(0, 0, ImagePrice: decimal.MaxValue),
    ];

    [Theory]
    [MemberData(nameof(Impossible), DisableDiscoveryEnumeration = true)]
    public void L19_A_negative_or_huge_price_is_refused(ModelPrices prices) => Assert.NotNull(Pricing.Fault(prices));

    [Fact]
    public void The_price_version_tells_every_price_and_the_rate() => Assert.Equal(
        """{"promptPpm":2.5,"completionPpm":10,"cacheReadPpm":0.25,"cacheWriteShortPpm":3.125,"cacheWriteLongPpm":5,"imagePrice":0.04,"creditsPerDollar":100}""",
        Pricing.Version(Usual));
}
