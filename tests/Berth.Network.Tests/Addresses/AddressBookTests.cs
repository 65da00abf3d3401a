using System.Net;

using Berth.Network.Addresses;

using CsCheck;

namespace Berth.Network.Tests.Addresses;

public sealed class AddressBookTests
{
    private static AddressBook Book(string bridge)
    {
        Assert.True(BridgeAddress.TryParse(bridge, out BridgeAddress? address));
        return new AddressBook(address.Subnet, address.Address);
    }

    [Fact]
    public void AddressesComeInTurnAndAFreedOneComesLast()
    {
        AddressBook book = Book("10.0.0.1/29"); // .2 to .6
        Assert.True(book.TryTake(out IPAddress? first));
        Assert.Equal("10.0.0.2", first.ToString());
        book.Free(first);
        var taken = new List<string>();
        while (book.TryTake(out IPAddress? address))
        {
            taken.Add(address.ToString());
        }

        Assert.Equal(["10.0.0.3", "10.0.0.4", "10.0.0.5", "10.0.0.6", "10.0.0.2"], taken);
        Assert.Equal(book.Capacity, book.Used);
    }

    [Fact]
    public void CountingStartsBehindTheGatewayAndPassesIt()
    {
        AddressBook book = Book("192.168.1.5/29"); // .1 to .6 without .5
        var taken = new List<string>();
        while (book.TryTake(out IPAddress? address))
        {
            taken.Add(address.ToString());
        }

        Assert.Equal(["192.168.1.6", "192.168.1.1", "192.168.1.2", "192.168.1.3", "192.168.1.4"], taken);
    }

    [Fact]
    public void OneGivenOutBeforeIsNotGivenAgain()
    {
        AddressBook book = Book("10.0.0.1/24");
        Assert.True(book.TryReserve(IPAddress.Parse("10.0.0.9")));
        Assert.False(book.TryReserve(IPAddress.Parse("10.0.0.9")));
        Assert.False(book.TryReserve(IPAddress.Parse("10.0.0.1"))); // the gateway
        Assert.False(book.TryReserve(IPAddress.Parse("10.0.0.255"))); // broadcast
        Assert.False(book.TryReserve(IPAddress.Parse("11.0.0.9"))); // elsewhere
        Assert.True(book.TryTake(out IPAddress? next));
        Assert.Equal("10.0.0.10", next.ToString());
    }

    [Fact]
    public void NeverTwiceNeverOutsideAndNeverRefusedWhileOneIsFree() =>
        Gen.Select(Gen.Int[24, 30], Gen.Int[1, 2], Gen.Bool.Array[1, 600]).Sample((length, gateway, steps) =>
        {
            AddressBook book = Book($"10.1.2.{gateway}/{length}");
            var held = new Queue<IPAddress>();
            var unique = new HashSet<IPAddress>();
            foreach (bool take in steps)
            {
                if (take)
                {
                    bool got = book.TryTake(out IPAddress? address);
                    Assert.Equal(held.Count < book.Capacity, got);
                    if (got)
                    {
                        IPAddress ip = address!;
                        Assert.True(Ipv4.Subnet(0x0A010200, length).Contains(ip));
                        Assert.NotEqual($"10.1.2.{gateway}", ip.ToString());
                        Assert.NotEqual(0u, Ipv4.Value(ip) & ~Ipv4.Mask(length));
                        Assert.NotEqual(~Ipv4.Mask(length), Ipv4.Value(ip) & ~Ipv4.Mask(length));
                        Assert.True(unique.Add(ip));
                        held.Enqueue(ip);
                    }
                }
                else if (held.TryDequeue(out IPAddress? freed))
                {
                    unique.Remove(freed);
                    book.Free(freed);
                }
            }

            Assert.Equal(held.Count, book.Used);
        });

    [Fact]
    public void ARangeIsGivenOutButAnyAddressOfTheSubnetMayBeAskedFor()
    {
        var book = new AddressBook(IPNetwork.Parse("10.0.0.0/24"), IPNetwork.Parse("10.0.0.8/30"), IPAddress.Parse("10.0.0.1"), [IPAddress.Parse("10.0.0.9")]);
        Assert.Equal(3, book.Capacity);
        Assert.True(book.TryReserve(IPAddress.Parse("10.0.0.200")));
        Assert.False(book.TryReserve(IPAddress.Parse("10.0.0.9")));
        Assert.Equal(0, book.Used);
        var taken = new List<string>();
        while (book.TryTake(out IPAddress? address))
        {
            taken.Add(address.ToString());
        }

        Assert.Equal(["10.0.0.8", "10.0.0.10", "10.0.0.11"], taken);
    }

    /// <summary>A former subnet's container may have had what is the gateway's now.</summary>
    [Fact]
    public void WhatIsKeptFromEverybodyIsNeverFreed()
    {
        var book = new AddressBook(IPNetwork.Parse("10.0.0.0/29"), IPNetwork.Parse("10.0.0.0/29"), IPAddress.Parse("10.0.0.1"), [IPAddress.Parse("10.0.0.3")]);
        foreach (string kept in (string[])["10.0.0.1", "10.0.0.3"])
        {
            book.Free(IPAddress.Parse(kept));
            Assert.False(book.TryReserve(IPAddress.Parse(kept)));
        }

        Assert.Equal(4, book.Capacity);
    }

    [Fact]
    public void Ipv6SubnetsAreCountedTheSameWay()
    {
        var book = new AddressBook(IPNetwork.Parse("fd00:1::/64"), IPAddress.Parse("fd00:1::1"));
        Assert.Equal(long.MaxValue, book.Capacity);
        Assert.True(book.TryTake(out IPAddress? first));
        Assert.Equal("fd00:1::2", first.ToString());
        Assert.True(book.TryReserve(IPAddress.Parse("fd00:1::ffff:ffff:ffff:ffff"))); // no broadcast in IPv6
        Assert.True(book.TryTake(out IPAddress? next));
        Assert.Equal("fd00:1::3", next.ToString());
        Assert.False(book.TryReserve(IPAddress.Parse("10.0.0.1")));
    }
}
