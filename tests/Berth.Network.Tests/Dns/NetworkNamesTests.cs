using System.Net;

using Berth.Network.Dns.Messages;
using Berth.Network.Dns.Names;

using CsCheck;

namespace Berth.Network.Tests.Dns;

public sealed class NetworkNamesTests
{
    private static string[] Addresses(NetworkNames names, string name, bool ipv6 = false)
    {
        if (!names.TryFind(name, out NameAddresses? found))
        {
            return [];
        }

        byte[] bytes = found.Addresses(ipv6, out int each).ToArray();
        return [.. bytes.Chunk(each).Select(chunk => new IPAddress(chunk).ToString())];
    }

    [Fact]
    public void WhoGoesIsNotFoundAndTheOthersStay()
    {
        var names = new NetworkNames("net");
        names.Add(TestClients.Endpoint("1", "10.0.0.1", "fd00::1", "a", "all", "ALL"));
        names.Add(TestClients.Endpoint("2", "10.0.0.2", null, "b", "all"));
        Assert.Equal(["10.0.0.1", "10.0.0.2"], Addresses(names, "all"));
        Assert.Equal(["fd00::1"], Addresses(names, "all", ipv6: true));
        Assert.True(names.Remove("1"));
        Assert.False(names.Remove("1"));
        Assert.Equal(["10.0.0.2"], Addresses(names, "all"));
        Assert.Empty(Addresses(names, "a"));
        Assert.Null(names.NameOf(IPAddress.Parse("fd00::1")));
        Assert.Equal("b.net", names.NameOf(IPAddress.Parse("10.0.0.2")));
    }

    [Fact]
    public void AnAddressThatWentToAnotherKeepsItsNewName()
    {
        var names = new NetworkNames("net");
        names.Add(TestClients.Endpoint("1", "10.0.0.1", null, "a"));
        names.Add(TestClients.Endpoint("2", "10.0.0.1", null, "b"));
        names.Remove("1");
        Assert.Equal("b.net", names.NameOf(IPAddress.Parse("10.0.0.1")));
    }

    [Fact]
    public void ANameThatNobodyCanAskForIsPassedOver()
    {
        var names = new NetworkNames("net");
        names.Add(TestClients.Endpoint("1", "10.0.0.1", null, "a..b", new string('x', 64), "good"));
        Assert.Equal(["10.0.0.1"], Addresses(names, "good"));
        Assert.True(names.Remove("1"));
    }

    /// <summary>Whatever order of changes: it is as if only the last of each endpoint had happened.</summary>
    [Fact]
    public void ChangesAddUp() =>
        Gen.Select(Gen.Int[0, 5], Gen.Int[0, 3].Array[0, 3], Gen.Bool).Array[0, 40].Sample(steps =>
        {
            var names = new NetworkNames("net");
            var expected = new Dictionary<int, int[]>();
            foreach ((int id, int[] given, bool add) in steps)
            {
                if (add)
                {
                    names.Add(TestClients.Endpoint($"{id}", $"10.0.0.{id}", null, [.. given.Select(n => $"N{n}")]));
                    expected[id] = given;
                }
                else
                {
                    Assert.Equal(expected.Remove(id), names.Remove($"{id}"));
                }
            }

            for (int n = 0; n <= 3; n++)
            {
                Assert.Equal(
                    expected.Where(e => e.Value.Contains(n)).Select(e => $"10.0.0.{e.Key}").Order(),
                    Addresses(names, $"n{n}").Order());
            }

            foreach (int id in Enumerable.Range(0, 6))
            {
                Assert.Equal(expected.TryGetValue(id, out int[]? own) && own.Length > 0 ? $"N{own[0]}.net" : null, names.NameOf(IPAddress.Parse($"10.0.0.{id}")));
            }
        });

    /// <summary>Readers meet a name that is always held by somebody while others come and go.</summary>
    [Fact]
    public async Task ReadersNeverMissWhoStays()
    {
        var names = new NetworkNames("net");
        names.Add(TestClients.Endpoint("stays", "10.0.0.1", null, "all"));
        using var done = new CancellationTokenSource();
        Task changes = Task.Run(() =>
        {
            for (int i = 0; i < 20_000; i++)
            {
                names.Add(TestClients.Endpoint("comes", "10.0.0.2", null, "all"));
                names.Remove("comes");
            }

            done.Cancel();
        });
        while (!done.IsCancellationRequested)
        {
            Assert.Equal("10.0.0.1", Addresses(names, "all").FirstOrDefault());
        }

        await changes;
    }

    [Theory]
    [InlineData("4.3.2.1.in-addr.arpa", "1.2.3.4")]
    [InlineData("0.0.0.10.in-addr.arpa", "10.0.0.0")]
    [InlineData("3.2.1.in-addr.arpa", null)]
    [InlineData("5.4.3.2.1.in-addr.arpa", null)]
    [InlineData("256.3.2.1.in-addr.arpa", null)]
    [InlineData("04.3.2.1.in-addr.arpa", null)]
    [InlineData("+4.3.2.1.in-addr.arpa", null)]
    [InlineData(".3.2.1.in-addr.arpa", null)]
    [InlineData("in-addr.arpa", null)]
    [InlineData("4.3.2.1.in-addr.arpa.org", null)]
    [InlineData("1.0.0.0.ip6.arpa", null)]
    public void ReverseNamesAreAddresses(string name, string? address) => Assert.Equal(address, ReverseName.Address(name)?.ToString());

    [Fact]
    public void EveryAddressHasAReverseName() => Gen.Byte.Array[16].Sample(bytes =>
    {
        string nibbles = string.Join('.', Convert.ToHexStringLower(bytes).Reverse());
        Assert.Equal(new IPAddress(bytes), ReverseName.Address(nibbles + ".ip6.arpa"));
        Assert.Null(ReverseName.Address(nibbles.Replace('.', 'x') + ".ip6.arpa"));
        Assert.Equal(new IPAddress(bytes[..4]), ReverseName.Address(string.Join('.', bytes[..4].Reverse()) + ".in-addr.arpa"));
    });
}
