using Berth.Testing.Daemons;
using Berth.Testing.Processes;

namespace Berth.Conformance.Tests.Debian;

/// <summary>Debian's own programs, doing what an administrator does first.</summary>
[Collection(DebianFixture.Collection)]
public sealed class DebianSystemTests(DebianFixture debian)
{
    [Fact]
    public async Task BashRunsAPipeline() =>
        Assert.Equal("3 b", await debian.BashAsync("set -o pipefail; printf '%s\\n' b a b c b | sort | uniq -c | sort -rn | head -n 1 | { read n w; echo $n $w; }; cat <(echo sub) >/dev/null"));

    [Fact]
    public async Task UsersAreMadeAndLogIn()
    {
        string text = await debian.BashAsync(
            "useradd -m -s /bin/bash -G users eve; echo eve:secret-1 | chpasswd; su - eve -c 'id; pwd; touch file; stat -c %U file'; "
            + "su - nobody -s /bin/sh -c 'echo secret-1 | su eve -c whoami'; su - nobody -s /bin/sh -c 'echo wrong | su eve -c whoami' && exit 9; echo refused");
        Assert.Equal("uid=1000(eve) gid=1000(eve) groups=1000(eve),100(users)\n/home/eve\neve\neve\nrefused", text);
    }

    /// <summary>Every file of every package has the digest it was packed with: what the import stored is what Debian made.</summary>
    [Fact]
    public async Task EveryFileIsAsPacked()
    {
        Assert.Equal("", await debian.BashAsync("dpkg --verify"));
        Assert.Contains("/usr/bin/sort", await debian.BashAsync("echo x >> /usr/bin/sort; dpkg --verify || true"), StringComparison.Ordinal); // it does look
    }

    [Fact]
    public async Task ItKnowsItsNameAndItsNeighbours()
    {
        string text = await debian.BashAsync("hostname; cat /etc/hostname; getent hosts here; getent hosts other; getent ahostsv4 localhost | head -n 1; hostname -I", "-h", "here", "--add-host", "other:192.0.2.7");
        string[] lines = [.. text.Split('\n').Select(static l => string.Join(' ', l.Split(' ', StringSplitOptions.RemoveEmptyEntries)))];
        string address = lines[5];
        Assert.Equal(["here", "here", $"{address} here", "192.0.2.7 other", "127.0.0.1 STREAM localhost", address], lines);
        Assert.StartsWith("172.30.0.", address, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ResolvConfIsTheHostsOrAsTold()
    {
        string[] hosts = [.. (await File.ReadAllLinesAsync("/etc/resolv.conf")).Where(static l => l.StartsWith("nameserver ", StringComparison.Ordinal) && !l.Contains(" 127.", StringComparison.Ordinal))];
        Assert.Equal(hosts, (await debian.BashAsync("cat /etc/resolv.conf")).Split('\n').Where(static l => l.StartsWith("nameserver ", StringComparison.Ordinal)));
        Assert.Equal(
            "nameserver 192.0.2.53\nsearch example.org\noptions ndots:3",
            await debian.BashAsync("cat /etc/resolv.conf", "--dns", "192.0.2.53", "--dns-search", "example.org", "--dns-option", "ndots:3"));
    }

    /// <summary>From a mirror that is found by name and reached through the default bridge: it sees the host's address only.</summary>
    [Fact]
    public async Task APackageIsInstalledThroughTheBridge()
    {
        string folder = Path.Join(debian.Daemon.Folder, "mirror");
        await MakeRepositoryAsync(folder);
        await using OutsideHost outside = await OutsideHost.StartAsync(debian.Daemon, folder);
        string text = await debian.BashAsync(
            $"echo 'deb [trusted=yes] http://{OutsideHost.Name}/ ./' > /etc/apt/sources.list; rm -rf /etc/apt/sources.list.d/*; apt-get update >&2; "
            + "apt-get install -y --no-install-recommends berth-greeter >&2; greeter; dpkg -s berth-greeter | grep ^Status; cat /var/lib/greeter/configured; dpkg --verify berth-greeter",
            "--dns", OutsideHost.Address);
        Assert.Equal("hello from the package\nStatus: install ok installed\nconfigured", text);
        Assert.True(outside.HttpClients.Count >= 2, "the index and the package are fetched");
        Assert.Equal([OutsideHost.HostsAddress], outside.HttpClients.Distinct());
        Assert.Equal([OutsideHost.HostsAddress], outside.DnsClients);
    }

    private static async Task MakeRepositoryAsync(string folder)
    {
        const string Script = """
            set -e
            mkdir -p $1 $1.build/DEBIAN $1.build/usr/bin
            printf 'Package: berth-greeter\nVersion: 1.0\nArchitecture: all\nMaintainer: Test <test@example.org>\nDepends: bash\nDescription: says hello\n' > $1.build/DEBIAN/control
            printf '#!/bin/sh\necho hello from the package\n' > $1.build/usr/bin/greeter
            printf '#!/bin/sh\nset -e\nmkdir -p /var/lib/greeter\necho configured > /var/lib/greeter/configured\n' > $1.build/DEBIAN/postinst
            chmod 755 $1.build/usr/bin/greeter $1.build/DEBIAN/postinst
            (cd $1.build && find usr -type f | xargs md5sum > DEBIAN/md5sums)
            dpkg-deb --root-owner-group -b $1.build $1/greeter.deb >/dev/null
            { dpkg-deb -f $1/greeter.deb; echo "Filename: ./greeter.deb"; echo "Size: $(stat -c %s $1/greeter.deb)"; echo "SHA256: $(sha256sum < $1/greeter.deb | cut -d' ' -f1)"; echo; } > $1/Packages
            """;
        _ = (await Run.Async("bash", "-c", Script, "make", folder)).Text;
    }
}
