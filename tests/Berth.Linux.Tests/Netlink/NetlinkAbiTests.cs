using System.Diagnostics;
using System.Reflection;
using System.Runtime.CompilerServices;

using Berth.Linux.Interop;

namespace Berth.Linux.Tests.Netlink;

/// <summary>Numbers and sizes of netlink against the kernel's headers, by a C program of static assertions, where a C compiler is present.</summary>
public sealed class NetlinkAbiTests
{
    private const string Includes = """
        #include <sys/socket.h>
        #include <linux/if.h>
        #include <linux/if_addr.h>
        #include <linux/if_link.h>
        #include <linux/if_packet.h>
        #include <linux/neighbour.h>
        #include <linux/netconf.h>
        #include <linux/netlink.h>
        #include <linux/rtnetlink.h>
        #include <linux/veth.h>
        #include <linux/netfilter.h>
        #include <linux/netfilter/nfnetlink.h>
        #include <linux/netfilter/nf_tables.h>
        #include <linux/netfilter/nf_tables_compat.h>
        #include <linux/netfilter/nfnetlink_conntrack.h>
        #include <linux/netfilter/nfnetlink_log.h>
        #include <linux/fib_rules.h>
        #include <linux/inet_diag.h>
        #include <linux/sock_diag.h>

        """;

    private static readonly string[] Prefixes =
    [
        "AF_NETLINK", "AF_INET", "AF_BRIDGE", "AF_PACKET", "IFA_", "IFF_", "IFLA_", "MSG_TRUNC", "MSG_DONTWAIT", "NDA_", "NETCONFA_", "NETLINK_", "NFNL_", "NFNLGRP_", "NFPROTO_", "NFTA_", "NFULA_", "NFULNL_", "CTA_", "IPCTNL_", "FRA_", "FR_", "SOCK_DIAG_", "NFT_", "NF_", "NLA_", "NLM", "RTA_", "RTM_",
        "RTEXT_", "RTNLGRP_", "RTN_", "RTPROT_", "RT_", "SOCK_RAW", "SOL_NETLINK", "SOL_SOCKET", "SO_ATTACH_FILTER", "SO_RCVBUFFORCE", "SO_RCVTIMEO", "SO_SNDBUFFORCE", "VETH_",
    ];

    private const string TablesHeader = "/usr/include/linux/netfilter/nf_tables.h";

    // Of Linux 6.3 and 6.9: compared where the headers are as new.
    private static readonly string[] Newer = ["NFT_MSG_DESTROYTABLE", "NFT_TABLE_F_PERSIST"];

    [Fact]
    public void NumbersAndSizesAreTheKernels()
    {
        var assertions = new List<string>
        {
            Size("struct sockaddr_nl", Unsafe.SizeOf<Libc.sockaddr_nl>()),
            Size("struct nlmsghdr", Unsafe.SizeOf<Libc.nlmsghdr>()),
            Size("struct ifinfomsg", Unsafe.SizeOf<Libc.ifinfomsg>()),
            Size("struct ifaddrmsg", Unsafe.SizeOf<Libc.ifaddrmsg>()),
            Size("struct netconfmsg", Unsafe.SizeOf<Libc.netconfmsg>()),
            Size("struct rtmsg", Unsafe.SizeOf<Libc.rtmsg>()),
            Size("struct ndmsg", Unsafe.SizeOf<Libc.ndmsg>()),
            Size("struct fib_rule_hdr", Unsafe.SizeOf<Libc.fib_rule_hdr>()),
            Size("struct inet_diag_req_v2", Unsafe.SizeOf<Libc.inet_diag_req_v2>()),
            Size("struct inet_diag_msg", Unsafe.SizeOf<Libc.inet_diag_msg>()),
            Size("struct sockaddr_ll", Unsafe.SizeOf<Libc.sockaddr_ll>()),
            Size("struct nfgenmsg", Unsafe.SizeOf<Libc.nfgenmsg>()),
        };
        foreach (FieldInfo field in typeof(Libc).GetFields(BindingFlags.Public | BindingFlags.Static)
            .Where(f => f.IsLiteral && Prefixes.Any(p => f.Name.StartsWith(p, StringComparison.Ordinal)) && (!Newer.Contains(f.Name) || IsInHeaders(f.Name))))
        {
            string type = field.FieldType == typeof(ushort) ? "unsigned short" : "unsigned";
            assertions.Add($"_Static_assert(({type})({field.Name}) == {field.GetRawConstantValue()}u, \"{field.Name}\");");
        }

        Assert.True(assertions.Count > 100);
        if (!File.Exists("/usr/bin/cc"))
        {
            Assert.Skip("no C compiler (cc) to compare with");
        }

        using Process compiler = Process.Start(new ProcessStartInfo("/usr/bin/cc", ["-x", "c", "-fsyntax-only", "-"]) { RedirectStandardInput = true, RedirectStandardError = true })!;
        compiler.StandardInput.Write(Includes + string.Join('\n', assertions) + "\n");
        compiler.StandardInput.Close();
        string errors = compiler.StandardError.ReadToEnd();
        compiler.WaitForExit();
        Assert.True(compiler.ExitCode == 0, errors);
    }

    private static bool IsInHeaders(string name) => File.Exists(TablesHeader) && File.ReadAllText(TablesHeader).Contains(name, StringComparison.Ordinal);

    private static string Size(string name, int size) => $"_Static_assert(sizeof({name}) == {size}, \"size of {name}\");";
}
