using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;

using Berth.Linux.Netlink;

using static Berth.Linux.Interop.Libc;

namespace Berth.Linux.NfTables;

/// <summary>Lowers a rule's statements to the kernel's expressions, the same ones nft makes, so that "nft list" reads them back as they are written here.</summary>
internal sealed class NfEncoder
{
    private const uint EstablishedOrRelated = 0x2 | 0x4; // NF_CT_STATE_BIT of IP_CT_ESTABLISHED, IP_CT_RELATED
    private const uint DestinationChanged = 0x20; // IPS_DST_NAT

    private readonly NetlinkBatch _batch;
    private readonly NfFamily _family;
    private ushort _network; // the NFPROTO_..., or on a bridge the EtherType, that the rule has asked for already
    private ProtocolType _transport; // likewise

    private NfEncoder(NetlinkBatch batch, NfFamily family) => (_batch, _family) = (batch, family);

    public static void Statements(NetlinkBatch batch, NfRule rule, NfFamily family)
    {
        var encoder = new NfEncoder(batch, family);
        foreach (NfStatement statement in rule.Statements)
        {
            if (!encoder.Condition(statement) && !encoder.Change(statement) && !encoder.Verdict(statement))
            {
                throw new InvalidOperationException($"no encoding for {statement.GetType().Name}");
            }
        }
    }

    /// <summary>The user data "nft list" shows as a comment: type, length, text with its zero.</summary>
    public static byte[] Comment(string text)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        return bytes.Length < 128
            ? [NFTNL_UDATA_COMMENT, (byte)(bytes.Length + 1), .. bytes, 0]
            : throw new LinuxException("nf_tables", $"comment \"{text}\"", Errno.ENAMETOOLONG);
    }

    private bool Condition(NfStatement statement)
    {
        switch (statement)
        {
            case NfStatement.Interface match:
                _batch.LoadMeta(match.Input ? NFT_META_IIFNAME : NFT_META_OIFNAME);
                _batch.Compare(match.Not, new NfValue.InterfaceName(match.Name).Bytes);
                return true;
            case NfStatement.Address match:
                Address(match);
                return true;
            case NfStatement.InSet match:
                InSet(match);
                return true;
            case NfStatement.Version match:
                Network(match.Ipv6);
                return true;
            case NfStatement.Ipv6Redirect:
                Icmpv6(ND_REDIRECT);
                return true;
            case NfStatement.Protocol match:
                Transport(match.Type);
                return true;
            case NfStatement.Port match:
                Transport(match.Type);
                _batch.LoadPayload(NFT_PAYLOAD_TRANSPORT_HEADER, match.Source ? 0u : 2u, 2);
                _batch.Compare(match.Not, BigEndian(match.Number));
                return true;
            case NfStatement.Established:
                AnyBit(NFT_CT_STATE, EstablishedOrRelated);
                return true;
            case NfStatement.Translated:
                AnyBit(NFT_CT_STATUS, DestinationChanged);
                return true;
            case NfStatement.Marked match:
                Marked(match);
                return true;
            case NfStatement.ToThisHost:
                _batch.LoadDestinationType();
                _batch.Compare(not: false, BitConverter.GetBytes(RTN_LOCAL));
                return true;
            case NfStatement.ForTransparentSocket:
                _batch.LoadSocket(NFT_SOCKET_TRANSPARENT);
                _batch.Compare(not: false, [1]);
                return true;
            case NfStatement.Limit limit:
                _batch.Expression("limit", limit, static (b, limit) => b
                    .AttributeBigEndian(NFTA_LIMIT_RATE, (ulong)limit.PerSecond)
                    .AttributeBigEndian(NFTA_LIMIT_UNIT, 1ul) // a second
                    .AttributeBigEndian(NFTA_LIMIT_BURST, limit.Burst));
                return true;
            default:
                return false;
        }
    }

    private bool Change(NfStatement statement)
    {
        switch (statement)
        {
            case NfStatement.DestinationFrom change:
                Destination(change);
                return true;
            case NfStatement.DestinationTo change:
                Translate(NFT_NAT_DNAT, change.Ip, change.Number);
                return true;
            case NfStatement.SourceTo change:
                Translate(NFT_NAT_SNAT, change.Ip, 0);
                return true;
            case NfStatement.Masquerade:
                _batch.Expression("masq", 0, static (_, _) => { });
                return true;
            case NfStatement.Redirect change:
                _batch.Immediate(BigEndian(change.Number));
                _batch.Expression("redir", 0, static (b, _) => b.AttributeBigEndian(NFTA_REDIR_REG_PROTO_MIN, NFT_REG_1));
                return true;
            case NfStatement.SetMark change:
                _batch.Immediate(BitConverter.GetBytes(change.Mark));
                SetMark(change.Connection);
                return true;
            case NfStatement.CopyMark change:
                LoadMark(!change.ToConnection);
                SetMark(change.ToConnection);
                return true;
            case NfStatement.Log log:
                _batch.Expression("log", log, static (b, log) => b
                    .Attribute(NFTA_LOG_GROUP, BigEndian(log.Group))
                    .Attribute(NFTA_LOG_PREFIX, log.Prefix));
                return true;
            default:
                return false;
        }
    }

    private bool Verdict(NfStatement statement)
    {
        switch (statement)
        {
            case NfStatement.Jump jump:
                _batch.Verdict(NFT_JUMP, jump.Chain);
                return true;
            case NfStatement.Return:
                _batch.Verdict(NFT_RETURN);
                return true;
            case NfStatement.Accept:
                _batch.Verdict(NF_ACCEPT);
                return true;
            case NfStatement.Drop:
                _batch.Verdict(NF_DROP);
                return true;
            case NfStatement.Reject:
                Reject(NFT_REJECT_ICMPX_UNREACH, NFT_REJECT_ICMPX_ADMIN_PROHIBITED);
                return true;
            case NfStatement.Reset:
                Reject(NFT_REJECT_TCP_RST, 0);
                return true;
            default:
                return false;
        }
    }

    // Where both IP versions pass, the header's meaning has to be asked for first, once a rule.
    private void Network(bool ipv6)
    {
        if (_family == NfFamily.Bridge)
        {
            Link(ipv6 ? ETH_P_IPV6 : ETH_P_IP);
            return;
        }

        byte network = ipv6 ? NFPROTO_IPV6 : NFPROTO_IPV4;
        if (_family == NfFamily.Inet && _network != network)
        {
            _batch.LoadMeta(NFT_META_NFPROTO);
            _batch.Compare(not: false, [network]);
            _network = network;
        }
    }

    // What a frame carries.
    private void Link(ushort protocol)
    {
        if (_network != protocol)
        {
            _batch.LoadMeta(NFT_META_PROTOCOL);
            _batch.Compare(not: false, BigEndian(protocol));
            _network = protocol;
        }
    }

    private void Icmpv6(byte type)
    {
        if (_transport != ProtocolType.IcmpV6)
        {
            Network(ipv6: true);
            Transport(ProtocolType.IcmpV6);
            _batch.LoadPayload(NFT_PAYLOAD_TRANSPORT_HEADER, 0, 1); // its type
            _batch.Compare(not: false, [type]);
        }
    }

    private void Transport(ProtocolType type)
    {
        if (_transport != type)
        {
            _batch.LoadMeta(NFT_META_L4PROTO);
            _batch.Compare(not: false, [(byte)type]);
            _transport = type;
        }
    }

    private void Address(NfStatement.Address match)
    {
        Network(match.Ipv6);
        (uint offset, uint length) = AddressAt(match.Ipv6, match.Source);
        _batch.LoadPayload(NFT_PAYLOAD_NETWORK_HEADER, offset, length);
        int prefix = match.Subnet.PrefixLength;
        if (prefix < length * 8)
        {
            byte[] mask = new byte[length];
            for (int i = 0; i < mask.Length; i++)
            {
                mask[i] = (byte)(0xFF00 >> Math.Clamp(prefix - (8 * i), 0, 8));
            }

            _batch.Mask(mask);
        }

        _batch.Compare(match.Not, match.Subnet.BaseAddress.GetAddressBytes());
    }

    // The key's parts lie one behind the other in 32-bit registers.
    private void InSet(NfStatement.InSet match)
    {
        foreach (NfField field in match.Fields)
        {
            if (field is NfField.Ipv4Source or NfField.Ipv4Destination or NfField.Ipv6Source or NfField.Ipv6Destination)
            {
                Network(field is NfField.Ipv6Source or NfField.Ipv6Destination);
            }
            else if (field == NfField.ArpSender)
            {
                Link(ETH_P_ARP);
            }
            else if (field == NfField.AdvertisedNeighbour)
            {
                Icmpv6(ND_NEIGHBOR_ADVERT);
            }
        }

        uint next = NFT_REG32_00;
        foreach (NfField field in match.Fields)
        {
            next += Load(field, next);
        }

        _batch.LookupSet(match.Set, match.Not);
    }

    /// <returns>How many 32-bit registers it takes.</returns>
    private uint Load(NfField field, uint register)
    {
        switch (field)
        {
            case NfField.InputInterface or NfField.OutputInterface:
                _batch.LoadMeta(field == NfField.InputInterface ? NFT_META_IIFNAME : NFT_META_OIFNAME, register);
                return 4;
            case NfField.HardwareSource:
                _batch.LoadPayload(NFT_PAYLOAD_LL_HEADER, 6, 6, register); // struct ethhdr: h_source
                return 2;
            case NfField.ArpSender:
                _batch.LoadPayload(NFT_PAYLOAD_NETWORK_HEADER, 14, 4, register); // RFC 826: behind the sender's hardware address
                return 1;
            case NfField.AdvertisedNeighbour:
                _batch.LoadPayload(NFT_PAYLOAD_TRANSPORT_HEADER, 8, 16, register);
                return 4;
            case NfField.Protocol:
                _batch.LoadMeta(NFT_META_L4PROTO, register);
                return 1;
            case NfField.SourcePort or NfField.DestinationPort:
                _batch.LoadPayload(NFT_PAYLOAD_TRANSPORT_HEADER, field == NfField.SourcePort ? 0u : 2u, 2, register);
                return 1;
            default:
                (uint offset, uint length) = AddressAt(
                    field is NfField.Ipv6Source or NfField.Ipv6Destination, field is NfField.Ipv4Source or NfField.Ipv6Source);
                _batch.LoadPayload(NFT_PAYLOAD_NETWORK_HEADER, offset, length, register);
                return length / 4;
        }
    }

    // Some of the wanted bits are set: a number in the host's order.
    private void AnyBit(uint key, uint bits)
    {
        _batch.LoadConnection(key);
        _batch.Mask(BitConverter.GetBytes(bits));
        _batch.Compare(not: true, new byte[4]);
    }

    private void Marked(NfStatement.Marked match)
    {
        LoadMark(match.Connection);
        if (match.Mask != uint.MaxValue)
        {
            _batch.Mask(BitConverter.GetBytes(match.Mask));
        }

        _batch.Compare(not: false, BitConverter.GetBytes(match.Mark));
    }

    private void LoadMark(bool connection)
    {
        if (connection)
        {
            _batch.LoadConnection(NFT_CT_MARK);
        }
        else
        {
            _batch.LoadMeta(NFT_META_MARK);
        }
    }

    private void SetMark(bool connection)
    {
        if (connection)
        {
            _batch.SetConnection(NFT_CT_MARK);
        }
        else
        {
            _batch.SetMeta(NFT_META_MARK);
        }
    }

    // As in a set, but the value found takes the key's place.
    private void Destination(NfStatement.DestinationFrom change)
    {
        (uint offset, uint length) = AddressAt(change.Ipv6, source: false);
        if (change.ByAddress)
        {
            Network(change.Ipv6);
        }

        _batch.LoadMeta(NFT_META_L4PROTO);
        uint next = NFT_REG32_00 + 1;
        if (change.ByAddress)
        {
            _batch.LoadPayload(NFT_PAYLOAD_NETWORK_HEADER, offset, length, next);
            next += length / 4;
        }

        _batch.LoadPayload(NFT_PAYLOAD_TRANSPORT_HEADER, 2, 2, next); // the destination port of TCP, UDP and SCTP
        _batch.LookupMap(change.Map);
        _batch.Translate(NFT_NAT_DNAT, change.Ipv6, NFT_REG32_00 + length / 4);
    }

    private void Translate(uint type, IPAddress address, ushort port)
    {
        _batch.Immediate(address.GetAddressBytes());
        if (port != 0)
        {
            _batch.Immediate(BigEndian(port), NFT_REG_1 + 1);
        }

        _batch.Translate(type, address.AddressFamily == AddressFamily.InterNetworkV6, port == 0 ? 0 : NFT_REG_1 + 1);
    }

    private void Reject(uint type, byte code)
    {
        if (_family != NfFamily.Inet)
        {
            throw new LinuxException("nf_tables", "reject in a table of one IP version", Errno.EOPNOTSUPP);
        }

        _batch.Expression("reject", (type, code), static (b, s) => b
            .AttributeBigEndian(NFTA_REJECT_TYPE, s.type)
            .Attribute(NFTA_REJECT_ICMP_CODE, s.code));
    }

    // saddr and daddr of struct iphdr and struct ipv6hdr.
    private static (uint Offset, uint Length) AddressAt(bool ipv6, bool source) => (ipv6, source) switch
    {
        (false, true) => (12, 4),
        (false, false) => (16, 4),
        (true, true) => (8, 16),
        (true, false) => (24, 16),
    };

    private static byte[] BigEndian(ushort number)
    {
        byte[] bytes = new byte[2];
        BinaryPrimitives.WriteUInt16BigEndian(bytes, number);
        return bytes;
    }
}
