using System.Net;

using Berth.Linux.Interop;
using Berth.Linux.Namespaces;
using Berth.Linux.Netlink;
using Berth.Linux.NfTables;
using Berth.Network.Firewall;

namespace Berth.Network.Tests.Firewall;

public sealed class BridgeFirewallTests
{
    private static readonly NfTable Table = BridgeFirewall.Table("berth0", IPNetwork.Parse("172.30.0.0/16"));

    [Fact]
    public void TheRulesReadAsNftWritesThem() => Assert.Equal(
        """
        table inet berth-berth0 {
        	chain raw-prerouting {
        		type filter hook prerouting priority raw; policy accept;
        		iifname "berth0" ip daddr 127.0.0.0/8 drop comment "containers never reach the host's loopback"
        	}

        	chain forward {
        		type filter hook forward priority filter; policy accept;
        		oifname "berth0" ct state established,related accept comment "answers"
        		iifname "berth0" accept comment "containers reach the outside and each other"
        		oifname "berth0" drop comment "nobody else reaches a container"
        	}

        	chain postrouting {
        		type nat hook postrouting priority srcnat; policy accept;
        		ip saddr 172.30.0.0/16 oifname != "berth0" masquerade comment "the host's address outside"
        	}
        }

        """,
        Table.ToString());

    [Fact]
    public void TheKernelHoldsWhatWasWrittenAlsoWhenWrittenTwice()
    {
        using var host = new TestHost();
        using NetlinkSocket socket = NetworkNamespace.Run(host.Namespace, () => NetlinkSocket.Open(Libc.NETLINK_NETFILTER));
        new NfTransaction().Replace(Table).Commit(socket);
        new NfTransaction().Replace(Table).Commit(socket);
        Assert.Equal(Normal(Table.ToString()), Normal(host.RunProgram("nft", "list", "ruleset")));
        new NfTransaction().Delete(Table.Family, Table.Name).Commit(socket);
        Assert.Empty(socket.Tables(NfFamily.Inet));
    }

    [Fact]
    public void ATransactionThatFailsChangesNothingAndSaysWhichPartFailed()
    {
        using var host = new TestHost();
        using NetlinkSocket socket = NetworkNamespace.Run(host.Namespace, () => NetlinkSocket.Open(Libc.NETLINK_NETFILTER));
        NfTransaction transaction = new NfTransaction().Replace(Table)
            .Insert(NfFamily.Ip, "nowhere", "input", new NfRule(null, new NfStatement.Accept()));
        Linux.LinuxException failure = Assert.Throws<Linux.LinuxException>(() => transaction.Commit(socket));
        Assert.Equal(Linux.Errno.ENOENT, failure.Errno);
        Assert.Contains("nowhere", failure.Target, StringComparison.Ordinal);
        Assert.Empty(socket.Tables(NfFamily.Inet));
        new NfTransaction().Replace(Table).Commit(socket); // the socket is none the worse
        Assert.Equal([Table.Name], socket.Tables(NfFamily.Inet));
    }

    // White space is nobody's concern.
    private static string Normal(string text) => string.Join(' ', text.Split((char[])[' ', '\n', '\t'], StringSplitOptions.RemoveEmptyEntries));
}
