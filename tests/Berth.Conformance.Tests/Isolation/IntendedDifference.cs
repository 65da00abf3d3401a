using System.Text.RegularExpressions;

namespace Berth.Conformance.Tests.Isolation;

/// <summary>Where a container of ours is meant to look another way than one of dockerd 20.10.</summary>
/// <param name="Line">A pattern of the whole line, after "- " (only theirs) or "+ " (only ours).</param>
/// <param name="Reason">Why.</param>
internal sealed record IntendedDifference(string Line, string Reason)
{
    /// <summary>Those of every container. Each must be seen in a plain one, or it is to go from here.</summary>
    public static readonly IReadOnlyList<IntendedDifference> Always =
    [
        new("- namespace cgroup host", "a cgroup namespace of its own, as Docker gives on cgroup v2 and everyone's default should be"),
        new("[+] namespace cgroup own", "the same"),
        new("- mount /sys/fs/cgroup(/[a-z_,]+)? (cgroup|tmpfs) .*", "the namespace makes the container's own cgroup the root; the tmpfs is read-only where theirs is not"),
        new("[+] mount /sys/fs/cgroup(/[a-z_,]+)? (cgroup|tmpfs) ro,.*", "the same"),
        new("[+] mount /proc/interrupts tmpfs .*", "masked since Docker 28.2"),
        new("[+] dev '/dev/core' -> '/proc/kcore' .*", "runc makes the link only where the kernel has the file; with us it leads nowhere there, and to a masked file elsewhere"),
        new("- sysctl net/ipv6/conf/all/disable_ipv6 1", "::1 is there, as since Docker 26"),
        new("[+] sysctl net/ipv6/conf/all/disable_ipv6 0", "the same"),
        new(@"[+] address lo inet6 ::1/128 .*", "the same"),
    ];

    public bool Matches(string line) => Regex.IsMatch(line, $"^(?:{Line})$");
}
