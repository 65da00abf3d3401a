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
        Assert.True(book.TryTake(out uint first));
        Assert.Equal("10.0.0.2", Ipv4.Address(first).ToString());
        book.Free(first);
        var taken = new List<string>();
        while (book.TryTake(out uint address))
        {
            taken.Add(Ipv4.Address(address).ToString());
        }

        Assert.Equal(["10.0.0.3", "10.0.0.4", "10.0.0.5", "10.0.0.6", "10.0.0.2"], taken);
        Assert.Equal(book.Capacity, book.Used);
    }

    [Fact]
    public void CountingStartsBehindTheGatewayAndPassesIt()
    {
        AddressBook book = Book("192.168.1.5/29"); // .1 to .6 without .5
        var taken = new List<string>();
        while (book.TryTake(out uint address))
        {
            taken.Add(Ipv4.Address(address).ToString());
        }

        Assert.Equal(["192.168.1.6", "192.168.1.1", "192.168.1.2", "192.168.1.3", "192.168.1.4"], taken);
    }

    [Fact]
    public void OneGivenOutBeforeIsNotGivenAgain()
    {
        AddressBook book = Book("10.0.0.1/24");
        Assert.True(book.TryReserve(0x0A000009));
        Assert.False(book.TryReserve(0x0A000009));
        Assert.False(book.TryReserve(0x0A000001)); // the gateway
        Assert.False(book.TryReserve(0x0A0000FF)); // broadcast
        Assert.False(book.TryReserve(0x0B000009)); // elsewhere
        Assert.True(book.TryTake(out uint next));
        Assert.Equal(0x0A00000Au, next);
    }

    [Fact]
    public void NeverTwiceNeverOutsideAndNeverRefusedWhileOneIsFree() =>
        Gen.Select(Gen.Int[24, 30], Gen.Int[1, 2], Gen.Bool.Array[1, 600]).Sample((length, gateway, steps) =>
        {
            AddressBook book = Book($"10.1.2.{gateway}/{length}");
            var held = new Queue<uint>();
            var unique = new HashSet<uint>();
            foreach (bool take in steps)
            {
                if (take)
                {
                    bool got = book.TryTake(out uint address);
                    Assert.Equal(held.Count < book.Capacity, got);
                    if (got)
                    {
                        IPAddress ip = Ipv4.Address(address);
                        Assert.True(Ipv4.Subnet(0x0A010200, length).Contains(ip));
                        Assert.NotEqual($"10.1.2.{gateway}", ip.ToString());
                        Assert.NotEqual(0u, address & ~Ipv4.Mask(length));
                        Assert.NotEqual(~Ipv4.Mask(length), address & ~Ipv4.Mask(length));
                        Assert.True(unique.Add(address));
                        held.Enqueue(address);
                    }
                }
                else if (held.TryDequeue(out uint freed))
                {
                    unique.Remove(freed);
                    book.Free(freed);
                }
            }

            Assert.Equal(held.Count, book.Used);
        });
}
