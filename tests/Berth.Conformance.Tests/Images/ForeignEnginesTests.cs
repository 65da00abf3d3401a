using Berth.Testing.Daemons;
using Berth.Testing.Processes;

namespace Berth.Conformance.Tests.Images;

/// <summary>dockerd, podman, buildah and skopeo as the other side, over one registry and over archives: the same ids, and the same trees to the last bit.</summary>
public sealed class ForeignEnginesTests(PullFixture fixture) : IClassFixture<PullFixture>
{
    // No attribute without a value: Go's tar reader takes such a record for the removal of one (POSIX pax), so all the others lose it.
    private const string Odd =
        """
        import os, sys
        root = sys.argv[1]
        def at(name): return os.path.join(root, name)
        os.makedirs(at('odd/' + 'deep' * 40 + '/' + 'name' * 40))
        for name, mode in (('odd/setuid', 0o4755), ('odd/sticky', 0o1644), ('odd/none', 0)):
            open(at(name), 'w').write(name)
            os.chown(at(name), 70000, 2000000)
            os.chmod(at(name), mode)
        os.setxattr(at('odd/setuid'), 'security.capability', bytes.fromhex('0100000200040000000000000000000000000000'))
        os.setxattr(at('odd/none'), 'user.bytes', bytes([0, 255, 10, 61]))
        os.link(at('odd/none'), at('odd/linked'))
        os.symlink('/nowhere/../x', at('odd/symlink'))
        os.mkfifo(at('odd/fifo'), 0o600)
        os.mknod(at('odd/node'), 0o20640, os.makedev(1, 3))
        open(at('odd/\u00fc \udcff'.encode('utf-8', 'surrogateescape').decode('utf-8', 'surrogateescape')), 'w').write('x')
        with open(at('odd/sparse'), 'wb') as f: f.truncate(1 << 20); f.seek(700000); f.write(b'here')
        os.remove(at('bin/vi'))
        os.utime(at('odd/none'), ns=(915148800123456789, 915148800123456789))
        os.utime(at('odd/symlink'), ns=(1000000001, 1000000001), follow_symlinks=False)
        os.utime(at('odd/sticky'), ns=(0, 4102444800999999999))
        """;

    private string Storage => Path.Join(fixture.Daemon.Folder, "containers");

    /// <summary>Committed and pushed here; pulled by all from the same registry.</summary>
    [Fact]
    public async Task OnePullIsTheSameEverywhere()
    {
        Assert.SkipUnless(DockerDaemon.IsInstalled, "dockerd is not installed");
        string from = $"{fixture.Open.Name}/lib/busybox:latest", name = $"{fixture.Open.Name}/odd/ours:1";
        await OursAsync("pull", from);
        await OursAsync("run", "-d", "--name", "odd", "--net", "none", from, "sleep", "1000");
        _ = (await Run.Async("python3", "-c", Odd, await RootAsync(OursAsync, "odd"))).Text;
        string id = await OursAsync("commit", "odd", name);
        string[] changed = await TreeAsync(OursAsync, name);
        Assert.Contains(changed, static l => l.Contains("security.capability", StringComparison.Ordinal));
        Assert.DoesNotContain(changed, static l => l.Contains("bin/vi'", StringComparison.Ordinal));
        await OursAsync("push", name);
        await OursAsync("rm", "-f", "odd");
        await OursAsync("rmi", name);
        await OursAsync("pull", name);
        Assert.Equal(id, await OursAsync("image", "inspect", "-f", "{{.Id}}", name));
        Assert.Equal(changed, await TreeAsync(OursAsync, name));

        await using DockerDaemon docker = await DockerDaemon.StartAsync(fixture.Daemon.Host.Path);
        await docker.TextAsync("pull", name);
        Assert.Equal(id, await docker.TextAsync("image", "inspect", "-f", "{{.Id}}", name));
        Assert.Equal(changed, await TreeAsync(docker.TextAsync, name));

        await InsideAsync("podman", "pull", "-q", "--tls-verify=false", name);
        Assert.Equal(id, $"sha256:{await InsideAsync("podman", "image", "inspect", "--format", "{{.Id}}", name)}");
        Assert.Equal(changed, await TreeListing.OfAsync(await InsideAsync("podman", "image", "mount", name)));
        await InsideAsync("podman", "image", "umount", name);

        string working = await InsideAsync("buildah", "from", "--pull-always", "--tls-verify=false", name);
        Assert.Equal(changed, await TreeListing.OfAsync(await InsideAsync("buildah", "mount", working)));
        Assert.Equal(id, $"sha256:{await InsideAsync("buildah", "inspect", "--format", "{{.FromImageID}}", working)}");
        string raw = (await fixture.Daemon.Host.RunAsync("skopeo", "inspect", "--raw", "--config", "--tls-verify=false", $"docker://{name}")).Out;
        Assert.Equal(id, $"sha256:{Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(raw)))}");
    }

    /// <summary>Made by buildah, in both forms; pulled, and loaded from its archives.</summary>
    [Theory]
    [InlineData("docker", "docker-archive")]
    [InlineData("oci", "oci-archive")]
    public async Task WhatBuildahMakesIsTakenHere(string format, string archive)
    {
        string name = $"{fixture.Open.Name}/odd/{format}:1", file = Path.Join(fixture.Daemon.Folder, $"{format}.tar");
        string working = await InsideAsync("buildah", "from", "--tls-verify=false", $"{fixture.Open.Name}/lib/busybox:latest");
        string root = await InsideAsync("buildah", "mount", working);
        _ = (await Run.Async("python3", "-c", Odd, root)).Text;
        await InsideAsync("buildah", "config", "--cmd", "[\"cat\",\"/odd/sticky\"]", "--env", "A=b", working);
        string id = $"sha256:{await InsideAsync("buildah", "commit", "-q", "--format", format, working, name)}";
        await InsideAsync("buildah", "push", "-q", "--tls-verify=false", name, $"docker://{name}");

        // As buildah itself unpacks it: its archives have times in seconds.
        string[] made = await TreeListing.OfAsync(await InsideAsync("buildah", "mount", await InsideAsync("buildah", "from", "--pull-never", name)));
        Assert.Contains(made, static l => l.Contains("security.capability", StringComparison.Ordinal));
        await InsideAsync("buildah", "push", "-q", name, $"{archive}:{file}:{name}");

        await OursAsync("pull", name);
        await TakenAsync();
        await OursAsync("rmi", name);
        Assert.Contains($"Loaded image: {name}", await OursAsync("load", "-i", file), StringComparison.Ordinal);
        await TakenAsync();

        async Task TakenAsync()
        {
            Assert.Equal(id, await OursAsync("image", "inspect", "-f", "{{.Id}}", name));
            Assert.Equal("odd/sticky", await OursAsync("run", "--rm", "--net", "none", name));
            Assert.Equal(made, await TreeAsync(OursAsync, name));
        }
    }

    private Task<string> OursAsync(params string[] arguments) => fixture.TextAsync("berth", arguments);

    // The tree of a container that runs nothing but a sleep, from outside.
    private static async Task<string[]> TreeAsync(Func<string[], Task<string>> engine, string image)
    {
        await engine(["run", "-d", "--name", "tree", "--net", "none", image, "sleep", "1000"]);
        string[] lines = await TreeListing.OfAsync(await RootAsync(engine, "tree"));
        await engine(["rm", "-f", "tree"]);
        return lines;
    }

    private static async Task<string> RootAsync(Func<string[], Task<string>> engine, string container) => $"/proc/{await engine(["inspect", "-f", "{{.State.Pid}}", container])}/root";

    private async Task<string> InsideAsync(string program, params string[] arguments)
    {
        Assert.SkipUnless(File.Exists($"/usr/bin/{program}"), $"{program} is not installed");
        string[] command = [program, "--root", $"{Storage}/root", "--runroot", $"{Storage}/run", "--storage-driver", "vfs", .. arguments];
        return (await fixture.Daemon.Host.RunAsync(command)).Text;
    }
}
