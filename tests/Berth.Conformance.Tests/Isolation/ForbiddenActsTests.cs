using System.Globalization;
using Berth.Testing.Processes;

namespace Berth.Conformance.Tests.Isolation;

/// <summary>What a container must not be able to do, with the specification that the daemon makes. The runtime's own tests go into each.</summary>
public sealed class ForbiddenActsTests(DaemonFixture fixture) : IClassFixture<DaemonFixture>
{
    // Each line is an act; those that succeed are named. None would do harm if it did.
    private const string Acts = """
        try() { "$@" >/dev/null 2>&1 && echo "DONE: $*"; }
        write() { (cat "$1" > /tmp/value || echo h > /tmp/value; cat /tmp/value > "$1") >/dev/null 2>&1 && echo "WRITTEN: $1"; }
        try mount -t tmpfs x /tmp
        try mount --bind /etc /tmp
        try mount -o remount,rw /proc/sys
        try mount -t proc proc /tmp
        try umount /proc/sys
        try umount -l /proc/acpi
        try unshare -m true
        try unshare -U true
        try nsenter -t 1 -m true
        try hostname other
        try ip link add x type dummy
        try ip link set eth0 mtu 1400
        try dmesg
        try swapoff -a
        date -s "$(date '+%Y-%m-%d %H:%M:%S')" 2>&1 | grep -q "can't set date" || echo "DONE: date"
        try chroot /proc/1/root/.. mount -t tmpfs x /tmp
        write /proc/sysrq-trigger
        write /proc/sys/kernel/panic
        write /proc/sys/vm/swappiness
        write /proc/sys/net/ipv4/ip_forward
        write /proc/irq/default_smp_affinity
        write /sys/kernel/mm/ksm/run
        write /sys/fs/cgroup/memory/notify_on_release
        write /sys/fs/cgroup/pids/cgroup.procs
        [ -z "$(head -c 1 /proc/kcore 2>/dev/null)" ] || echo "READ: kcore"
        [ -z "$(head -c 1 /proc/keys 2>/dev/null)" ] || echo "READ: keys"
        mknod /tmp/kmsg c 1 11; try head -c 1 /tmp/kmsg
        mknod /tmp/mem c 1 1; try head -c 1 /tmp/mem
        mknod /tmp/disk b DISK || echo "mknod fails, which Docker allows"; try head -c 1 /tmp/disk; try dd if=/dev/null of=/tmp/disk
        cat /proc/[0-9]*/comm 2>/dev/null | grep -vxE "sh|sleep|cat|grep|sed|exe" | sed 's/^/SEEN: /'
        for pid in HOSTPIDS; do [ -e /proc/$pid ] || try kill -0 $pid; done
        for fd in /proc/$$/fd/*; do case ${fd##*/} in 0|1|2|10) ;; *) [ ! -L $fd ] || echo "OPEN: $fd $(readlink $fd)";; esac; done
        echo all tried
        """;

    // A shell gives up when it cannot fork; awk goes on, and lights the next one.
    private const string Bomb = """BEGIN { while (1) system("sh -c 'bomb() { bomb | bomb & }; bomb' 2>/dev/null") }""";

    [Fact]
    public async Task ARunCannot() => Assert.Equal("all tried", await fixture.TextAsync("28", "run", "--rm", "busybox", "sh", "-c", await ActsAsync()));

    [Fact]
    public async Task AnExecCannot()
    {
        string name = await fixture.SleeperAsync("28");
        Assert.Equal("all tried", await fixture.TextAsync("28", "exec", name, "sh", "-c", await ActsAsync()));
    }

    /// <summary>A user who is none of the image's has no capability left, and no way to one.</summary>
    [Fact]
    public async Task AUserHasNoCapabilities()
    {
        string text = await fixture.TextAsync("28", "run", "--rm", "-u", "1234", "busybox", "sh", "-c", "grep -E 'Cap(Eff|Prm|Amb)' /proc/self/status; chown 0 /tmp; cat /etc/shadow; mknod /tmp/x c 1 3; echo tried");
        Assert.Equal("CapPrm:\t0000000000000000\nCapEff:\t0000000000000000\nCapAmb:\t0000000000000000\ntried", text);
    }

    /// <summary>The bomb fills its own limit: the daemon answers, others start, and it ends when it is told to.</summary>
    [Fact]
    public async Task AForkBombHarmsNobody()
    {
        string name = fixture.NewName("bomb");
        await fixture.TextAsync("28", "run", "-d", "--name", name, "--pids-limit", "50", "--cpus", "0.5", "busybox", "awk", Bomb);
        string id = await fixture.TextAsync("28", "inspect", "-f", "{{.Id}}", name);
        string cgroup = Directory.EnumerateDirectories($"/sys/fs/cgroup/pids{fixture.Daemon.CgroupParent}", id, SearchOption.AllDirectories).Single();
        await Until.TrueAsync(() => Number($"{cgroup}/pids.current") >= 45, "the bomb goes off");
        for (int i = 0; i < 3; i++)
        {
            Assert.Equal("fine", await fixture.TextAsync("28", "run", "--rm", "busybox", "echo", "fine"));
            Assert.InRange(Number($"{cgroup}/pids.current"), 1, 50);
        }

        Assert.True(File.ReadAllText($"{cgroup}/pids.events").Trim() != "max 0", "the limit was reached");
        await fixture.TextAsync("28", "stop", "-t", "0", name);
        Assert.Equal("exited 137", await fixture.TextAsync("28", "inspect", "-f", "{{.State.Status}} {{.State.ExitCode}}", name));
        await Until.TrueAsync(() => !Directory.Exists(cgroup), "its cgroup is gone");
    }

    private static int Number(string file) => int.Parse(File.ReadAllText(file), CultureInfo.InvariantCulture);

    private async Task<string> ActsAsync()
    {
        string disk = (await Run.Async("sh", "-c", "cat /sys/block/*/dev | head -n 1")).Text.Replace(':', ' ');
        return Acts.Replace("DISK", disk, StringComparison.Ordinal)
            .Replace("HOSTPIDS", string.Create(CultureInfo.InvariantCulture, $"{fixture.Daemon.Pid} {Environment.ProcessId}"), StringComparison.Ordinal);
    }
}
