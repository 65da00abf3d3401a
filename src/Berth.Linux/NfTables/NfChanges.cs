using Berth.Linux.Files;
using Berth.Linux.Netlink;

using static Berth.Linux.Interop.Libc;

namespace Berth.Linux.NfTables;

/// <summary>
/// Hears who else changes the firewall of a network namespace: "nft flush ruleset", a firewall's reload. Each notification names the socket
/// that made the change, so the owner tells his own from others'; the number of generations would not do, as it counts both.
/// </summary>
public sealed class NfChanges : IDisposable
{
    // One of the 10,000 elements of a table that goes is some 100 bytes. What does not fit is lost, and Read says so.
    private const int BufferLength = 8 << 20;

    private readonly FileDescriptor _descriptor;
    private readonly byte[] _received = new byte[32 * 1024];

    private NfChanges(FileDescriptor descriptor) => _descriptor = descriptor;

    /// <summary>For the poll set: readable when something may have changed.</summary>
    public int Number => _descriptor.Number;

    /// <summary>Listens in the calling thread's network namespace, from now on.</summary>
    public static NfChanges Listen() => new(NetlinkSocket.Subscribe(NETLINK_NETFILTER, NFNLGRP_NFTABLES, BufferLength));

    /// <summary>Collects what was changed since the last call, in order, without waiting.</summary>
    /// <param name="changes">Where it is added.</param>
    /// <param name="own">Sockets whose changes are passed over.</param>
    /// <returns>False: notifications were lost, the caller has to look for himself.</returns>
    public bool Read(List<NfChange> changes, params ReadOnlySpan<uint> own)
    {
        bool complete = true;
        int transaction = changes.Count; // where the one being read began
        while (NetlinkSocket.TryReceive(_descriptor, _received, "nf_tables notifications", ref complete, out ReadOnlySpan<byte> received))
        {
            Collect(received, changes, own, ref transaction);
        }

        return complete;
    }

    public void Dispose() => _descriptor.Dispose();

    private static void Collect(ReadOnlySpan<byte> received, List<NfChange> changes, ReadOnlySpan<uint> own, ref int transaction)
    {
        while (NetlinkMessage.TryRead(ref received, out NetlinkMessage message))
        {
            if (own.Contains(message.Port))
            {
                continue;
            }

            if (message.Type == (NFNL_SUBSYS_NFTABLES << 8 | NFT_MSG_NEWGEN))
            {
                Sign(message, changes, transaction);
                transaction = changes.Count;
            }
            else if (Parse(message) is NfChange change)
            {
                changes.Add(change);
            }
        }
    }

    // A transaction ends with the new generation's number and who made it (nf_tables_gen_notify).
    private static void Sign(NetlinkMessage message, List<NfChange> changes, int first)
    {
        if (first == changes.Count || !message.TrySplit(out nfgenmsg _, out NetlinkAttributes attributes))
        {
            return;
        }

        string program = "";
        int pid = 0;
        while (attributes.Read())
        {
            switch (attributes.Type)
            {
                case NFTA_GEN_PROC_NAME: program = attributes.Text; break;
                case NFTA_GEN_PROC_PID: pid = (int)attributes.NumberBigEndian; break;
            }
        }

        for (int i = first; i < changes.Count; i++)
        {
            changes[i] = changes[i].Port == message.Port ? changes[i] with { Program = program, Pid = pid } : changes[i];
        }
    }

    internal static NfChange? Parse(NetlinkMessage message)
    {
        NfChangeKind? kind = (message.Type & 0xFF) switch
        {
            NFT_MSG_NEWTABLE => NfChangeKind.TableAdded,
            NFT_MSG_DELTABLE => NfChangeKind.TableRemoved,
            NFT_MSG_NEWCHAIN => NfChangeKind.ChainAdded,
            NFT_MSG_DELCHAIN => NfChangeKind.ChainRemoved,
            NFT_MSG_NEWRULE => NfChangeKind.RuleAdded,
            NFT_MSG_DELRULE => NfChangeKind.RuleRemoved,
            NFT_MSG_NEWSET => NfChangeKind.SetAdded,
            NFT_MSG_DELSET => NfChangeKind.SetRemoved,
            NFT_MSG_NEWSETELEM => NfChangeKind.ElementsAdded,
            NFT_MSG_DELSETELEM => NfChangeKind.ElementsRemoved,
            _ => null,
        };
        if (kind is not { } known || message.Type >> 8 != NFNL_SUBSYS_NFTABLES || !message.TrySplit(out nfgenmsg header, out NetlinkAttributes attributes))
        {
            return null;
        }

        // NFTA_..._TABLE is 1 in all of them, and NFTA_TABLE_NAME too.
        ushort nameAttribute = known switch
        {
            NfChangeKind.TableAdded or NfChangeKind.TableRemoved => ushort.MaxValue,
            NfChangeKind.ChainAdded or NfChangeKind.ChainRemoved => NFTA_CHAIN_NAME,
            _ => NFTA_RULE_CHAIN, // and NFTA_SET_NAME, NFTA_SET_ELEM_LIST_SET
        };
        string table = "", name = "";
        while (attributes.Read())
        {
            if (attributes.Type == NFTA_TABLE_NAME)
            {
                table = attributes.Text;
            }
            else if (attributes.Type == nameAttribute)
            {
                name = attributes.Text;
            }
        }

        return new NfChange(known, (NfFamily)header.nfgen_family, table, name, message.Port);
    }
}
