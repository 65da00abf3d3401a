using static Berth.Linux.Interop.Libc;

namespace Berth.Linux.Netlink;

/// <summary>rtnetlink's requests about policy rules, one method a message.</summary>
public static class PolicyRequests
{
    /// <summary>Adds a rule. There already: no error.</summary>
    public static NetlinkBatch AddRule(this NetlinkBatch batch, PolicyRule rule) =>
        Attributes(batch.Begin(RTM_NEWRULE, NLM_F_CREATE | NLM_F_EXCL, $"RTM_NEWRULE {Name(rule)}", tolerated: Errno.EEXIST), rule);

    /// <summary>Removes a rule. Gone already: no error.</summary>
    public static NetlinkBatch DeleteRule(this NetlinkBatch batch, PolicyRule rule) =>
        Attributes(batch.Begin(RTM_DELRULE, 0, $"RTM_DELRULE {Name(rule)}", tolerated: Errno.ENOENT), rule);

    private static NetlinkBatch Attributes(NetlinkBatch batch, PolicyRule rule)
    {
        byte[] source = rule.Source?.GetAddressBytes() ?? [];
        batch.Put(new fib_rule_hdr { family = rule.Ipv6 ? AF_INET6 : AF_INET, src_len = (byte)(source.Length * 8), action = FR_ACT_TO_TBL })
            .Attribute(FRA_PRIORITY, (uint)rule.Priority)
            .Attribute(FRA_TABLE, (uint)rule.Table);
        if (source.Length > 0)
        {
            batch.Attribute(FRA_SRC, source);
        }

        return rule.Mask == 0 ? batch : batch.Attribute(FRA_FWMARK, rule.Mark).Attribute(FRA_FWMASK, rule.Mask);
    }

    private static string Name(PolicyRule rule) => $"{(rule.Ipv6 ? "IPv6" : "IPv4")} {rule.Priority}: {(rule.Source is { } source ? $"from {source}" : $"fwmark 0x{rule.Mark:x}/0x{rule.Mask:x}")} table {rule.Table}";
}
