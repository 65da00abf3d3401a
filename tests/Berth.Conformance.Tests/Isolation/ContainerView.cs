using System.Text.RegularExpressions;

namespace Berth.Conformance.Tests.Isolation;

/// <summary>What a container sees of itself, a line each, without what differs from one container to the next.</summary>
internal static partial class ContainerView
{
    /// <summary>Run by the container's shell; the first word of each line is its section.</summary>
    public const string Probe = """
        grep -E '^(Cap|Seccomp|NoNewPrivs|Uid|Gid|Groups|SigBlk|SigIgn)' /proc/self/status | sed 's/^/status /'
        sed 's/^/limit /' /proc/self/limits
        awk '{ d = 0; for (i = 7; i <= NF; i++) if ($i == "-") d = i; print "mount", $5, $(d+1), $6, $4, $(d+2), $(d+3) }' /proc/self/mountinfo
        find /dev -exec stat -c 'dev %N %F %t:%T %a %u:%g' {} \;
        find / -maxdepth 1 -exec stat -c 'root %n %F %a %u:%g' {} \;
        env | sort | sed 's/^/env /'
        for f in hosts hostname resolv.conf passwd group; do sed "s/^/$f /" /etc/$f; stat -c "$f %F %a %u:%g" /etc/$f; done
        echo id $(id); echo umask $(umask); echo score $(cat /proc/self/oom_score_adj); echo folder $(pwd); echo login $(cat /proc/self/loginuid)
        for f in net/ipv4/ip_forward net/ipv4/ip_unprivileged_port_start net/ipv4/ping_group_range net/core/somaxconn kernel/shmmax kernel/msgmax kernel/domainname fs/mqueue/msg_max net/ipv6/conf/all/disable_ipv6 net/ipv6/conf/eth0/disable_ipv6; do echo sysctl $f $(cat /proc/sys/$f 2>&1); done
        ip -o addr | sed 's/^/address /'; ip route | sed 's/^/route /'; ip -o link | sed 's/^/link /'
        for n in cgroup ipc mnt pid time user uts; do echo namespace $(readlink /proc/self/ns/$n); done
        for f in /proc/$$/fd/*; do echo descriptor ${f##*/} $(readlink $f); done
        for p in /proc/* /sys/* /sys/kernel/*; do [ -d $p ] || continue; case $p in /proc/[0-9]*|/proc/self|/proc/thread-self) continue; esac; ls $p >/dev/null 2>&1 || echo shut $p; done
        for p in acpi asound bus fs irq keys kcore timer_list sched_debug scsi sysrq-trigger latency_stats; do [ -e /proc/$p ] && echo masked $p $(cat /proc/$p 2>/dev/null | head -c 1 | wc -c) $(ls /proc/$p 2>/dev/null | wc -l); done
        for p in /proc/sysrq-trigger /proc/sys/kernel/hostname /proc/sys/vm/swappiness /proc/irq/default_smp_affinity /sys/kernel/mm/ksm/run /sys/fs/cgroup/memory/notify_on_release; do (: >> $p) 2>/dev/null && echo writable $p; done; true
        """;

    // The host's own namespaces, as any process outside sees them.
    private static readonly HashSet<string> HostNamespaces = [.. Directory.EnumerateFiles("/proc/self/ns").Select(static n => new FileInfo(n).LinkTarget!)];

    /// <param name="output">Of the probe.</param>
    /// <param name="folder">The engine's files are below it.</param>
    public static HashSet<string> Read(string output, string folder)
    {
        string text = output.Replace("\r\n", "\n", StringComparison.Ordinal);
        string id = ContainerId().Match(text) is { Success: true } host ? host.Groups[1].Value : "none";
        return [.. text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => Plain(line.Replace(id, "ID", StringComparison.Ordinal), folder))];
    }

    private static string Plain(string line, string folder)
    {
        line = Folders(folder).Replace(line, "FOLDER"); // binds and volumes come from each engine's own roots
        line = Networks().Replace(Addresses().Replace(line, "ADDRESS"), "NET"); // bridges of their own
        line = string.Join(' ', line.Split(' ', StringSplitOptions.RemoveEmptyEntries));
        line = Cgroup().Replace(line, "CGROUP");
        return line[..line.IndexOf(' ', StringComparison.Ordinal)] switch
        {
            "mount" => Superblock().Replace(line, ""),
            "namespace" => $"{line[..line.IndexOf(':', StringComparison.Ordinal)]} {(HostNamespaces.Contains(line["namespace ".Length..]) ? "host" : "own")}",
            "descriptor" => Inode().Replace(line, "$1"),
            "link" or "address" => Ports().Replace(Hardware().Replace(line, "MAC"), "$1"),
            _ => line,
        };
    }

    private static Regex Folders(string folder) => new($@"{Regex.Escape(folder)}/[^ ]*");

    [GeneratedRegex(@"^env HOSTNAME=([0-9a-f]{12})$", RegexOptions.Multiline)]
    private static partial Regex ContainerId();

    [GeneratedRegex(@"172\.(29|30)\.0\.[1-9]\d*")]
    private static partial Regex Addresses();

    [GeneratedRegex(@"172\.(29|30)\.\d+\.\d+")]
    private static partial Regex Networks();

    // As the host names it.
    [GeneratedRegex(@"/b[td]\d+-\d+/ID[0-9a-f]*")]
    private static partial Regex Cgroup();

    // The folders of an overlay's layers, and how it is synced; a masked folder's tmpfs may say that it has no size.
    [GeneratedRegex(@",lowerdir.*|,size=0k")]
    private static partial Regex Superblock();

    [GeneratedRegex(@"(pipe|socket|anon_inode):.*")]
    private static partial Regex Inode();

    [GeneratedRegex(@"02:42:ac:1[de]:[0-9a-f:]{5}")]
    private static partial Regex Hardware();

    // The number and peer of a link, and the length of a queue that it does not have.
    [GeneratedRegex(@" \d+:|@if\d+|( qdisc noqueue) (?:qlen 1000)?")]
    private static partial Regex Ports();
}
