using System.Net;
using Microsoft.Extensions.Options;

namespace Informer.Ai.Models;

/// <summary>Which addresses a tenant's provider may have.</summary>
public sealed class AddressGuardTests
{
    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("127.255.255.254")]
    [InlineData("0.0.0.0")]
    [InlineData("0.1.2.3")]
    [InlineData("10.0.0.1")]
    [InlineData("172.16.0.1")]
    [InlineData("172.31.255.255")]
    [InlineData("192.168.1.1")]
    [InlineData("100.64.0.1")]
    [InlineData("100.100.100.200")]
    [InlineData("169.254.0.1")]
    [InlineData("169.254.169.254")]
    [InlineData("168.63.129.16")]
    [InlineData("192.0.0.192")]
    [InlineData("192.0.2.1")]
    [InlineData("198.18.0.1")]
    [InlineData("198.51.100.1")]
    [InlineData("203.0.113.1")]
    [InlineData("224.0.0.1")]
    [InlineData("239.255.255.255")]
    [InlineData("240.0.0.1")]
    [InlineData("255.255.255.255")]
    [InlineData("::")]
    [InlineData("::1")]
    [InlineData("::ffff:127.0.0.1")]
    [InlineData("::ffff:7f00:1")]
    [InlineData("::ffff:169.254.169.254")]
    [InlineData("::127.0.0.1")]
    [InlineData("64:ff9b::7f00:1")]
    [InlineData("64:ff9b::a9fe:a9fe")]
    [InlineData("64:ff9b:1::7f00:1")]
    [InlineData("2002:7f00:1::")]
    [InlineData("2001::1")]
    [InlineData("2001:db8::1")]
    [InlineData("fe80::1")]
    [InlineData("fec0::1")]
    [InlineData("fc00::1")]
    [InlineData("fd00:ec2::254")]
    [InlineData("ff02::1")]
    public void An_address_that_is_not_public_is_refused(string address) => Assert.False(Guard().Allows(IPAddress.Parse(address)));

    [Theory]
    [InlineData("1.1.1.1")]
    [InlineData("100.63.255.255")]
    [InlineData("100.128.0.1")]
    [InlineData("172.15.255.255")]
    [InlineData("172.32.0.1")]
    [InlineData("223.255.255.255")]
    [InlineData("::ffff:1.1.1.1")]
    [InlineData("64:ff9b::101:101")]
    [InlineData("2606:4700:4700::1111")]
    [InlineData("2a00:1450:4001::1")]
    public void A_public_address_is_allowed(string address) => Assert.True(Guard().Allows(IPAddress.Parse(address)));

    [Theory]
    [InlineData("10.20.3.4", true)]
    [InlineData("::ffff:10.20.3.4", true)]
    [InlineData("64:ff9b::a14:304", true)]
    [InlineData("10.21.0.1", false)]
    [InlineData("127.0.0.1", false)]
    [InlineData("fd12:3456::1", true)]
    [InlineData("fd12:3457::1", false)]
    public void The_operator_may_allow_a_network_and_nothing_beside_it(string address, bool allowed) =>
        Assert.Equal(allowed, Guard(networks: ["10.20.0.0/16", "fd12:3456::/32"]).Allows(IPAddress.Parse(address)));

    [Theory]
    [InlineData("https://example.org", false, true)]
    [InlineData("http://example.org", false, false)]
    [InlineData("http://example.org", true, true)]
    [InlineData("ftp://example.org", true, false)]
    public void An_address_without_TLS_is_the_operators_to_allow(string address, bool allowHttp, bool allowed) =>
        Assert.Equal(allowed, Guard(allowHttp).AllowsScheme(new Uri(address)));

    [Fact]
    public void A_network_that_is_none_is_named()
    {
        var options = new ProviderOptions { AllowedNetworks = { "10.0.0.0/8", "intranet" } };

        var fault = Assert.Single(options.Validate(new(options)));

        Assert.Contains("intranet", fault.ErrorMessage, StringComparison.Ordinal);
    }

    private static AddressGuard Guard(bool allowHttp = false, params string[] networks)
    {
        var options = new ProviderOptions { AllowHttp = allowHttp };
        foreach (var network in networks)
        {
            options.AllowedNetworks.Add(network);
        }

        return new AddressGuard(Options.Create(options));
    }
}
