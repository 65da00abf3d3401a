using System.Text;

using Berth.Linux.NfTables;
using Berth.Network.Firewall.Firewalld;

using CsCheck;

namespace Berth.Network.Tests.Firewall.Firewalld;

/// <summary>D-Bus messages as bytes. What a real bus and firewalld make of them: FirewalldTests of the conformance tests.</summary>
public sealed class BusMessageTests
{
    // A method return to serial 2 from ":1.0" with the string "trusted", as dbus-daemon sends it.
    private static readonly byte[] Trusted =
    [
        (byte)'l', 2, 1, 1, 12, 0, 0, 0, 9, 0, 0, 0, 41, 0, 0, 0,
        6, 1, (byte)'s', 0, 4, 0, 0, 0, (byte)':', (byte)'1', (byte)'.', (byte)'7', 0, 0, 0, 0,
        8, 1, (byte)'g', 0, 1, (byte)'s', 0, 0,
        5, 1, (byte)'u', 0, 2, 0, 0, 0,
        7, 1, (byte)'s', 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
        7, 0, 0, 0, (byte)'t', (byte)'r', (byte)'u', (byte)'s', (byte)'t', (byte)'e', (byte)'d', 0,
    ];

    [Fact]
    public void AnAnswerIsRead()
    {
        Assert.Equal(Trusted.Length, BusMessage.LengthOf(Trusted));
        Assert.True(BusMessage.TryParse(Trusted, out BusMessage message));
        Assert.Equal(new BusMessage(2, null, "trusted"), message);
    }

    [Fact]
    public void ACallIsAWholeMessage()
    {
        byte[] bytes = new BusCall("org.example", "/a", "org.example.b", "Do") { Arguments = ["trusted", "berth0"] }.ToBytes(7);
        Assert.Equal(bytes.Length, BusMessage.LengthOf(bytes));
        Assert.True(BusMessage.TryParse(bytes, out BusMessage message));
        Assert.Equal(0U, message.ReplyTo); // a call answers none
        Assert.EndsWith("\u0006\0\0\0berth0\0", Encoding.UTF8.GetString(bytes), StringComparison.Ordinal);
    }

    [Fact]
    public void ForeignBytesNeverThrow() => Gen.Byte.Array[0, 200].Sample(noise =>
    {
        byte[] bytes = [.. Trusted];
        for (int i = 0; i + 1 < noise.Length; i += 2)
        {
            bytes[noise[i] % bytes.Length] = noise[i + 1];
        }

        BusMessage.TryParse(bytes, out _);
        BusMessage.TryParse(bytes.AsSpan(0, noise.Length % bytes.Length), out _);
        BusMessage.TryParse(noise, out _);
        Assert.InRange(BusMessage.LengthOf(bytes), -1, BusMessage.MostBytes);
    });

    [Theory]
    [InlineData(null, "/run/dbus/system_bus_socket")]
    [InlineData("", "/run/dbus/system_bus_socket")]
    [InlineData("unix:path=/tmp/bus", "/tmp/bus")]
    [InlineData("tcp:host=h;unix:guid=1,path=/tmp/a%20b", "/tmp/a b")]
    [InlineData("unix:abstract=/tmp/bus", null)]
    public void TheBusIsFound(string? address, string? path) => Assert.Equal(path, BusConnection.PathOf(address));

    [Fact]
    public void ItsRulesTellThatItIsHere()
    {
        Assert.True(FirewalldZones.IsHere([new NfChainInfo("firewalld", "filter_FORWARD", false) { Family = NfFamily.Inet, Hook = NfHook.Forward }]));
        Assert.True(FirewalldZones.IsHere([new NfChainInfo("filter", "FORWARD_ZONES", false) { Family = NfFamily.Ip }]));
        Assert.False(FirewalldZones.IsHere([new NfChainInfo("filter", "FORWARD", true) { Family = NfFamily.Ip, Hook = NfHook.Forward }, new NfChainInfo("firewalld", "x", false) { Family = NfFamily.Inet }]));
    }
}
