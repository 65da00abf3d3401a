using Berth.Testing.Processes;

namespace Berth.Conformance.Tests.Containers;

public sealed class VolumeTests(DaemonFixture fixture) : IClassFixture<DaemonFixture>
{
    [Theory]
    [MemberData(nameof(Clients.Both), MemberType = typeof(Clients))]
    public async Task ANamedVolumeKeepsItsFiles(string client)
    {
        string volume = fixture.NewName("v");
        await fixture.TextAsync(client, "run", "--rm", "-v", $"{volume}:/data", "busybox", "sh", "-c", "echo kept > /data/x");
        Assert.Equal("kept", await fixture.TextAsync(client, "run", "--rm", "-v", $"{volume}:/data:ro", "busybox", "cat", "/data/x"));
        Assert.NotEqual(0, (await fixture.RunAsync(client, "run", "--rm", "-v", $"{volume}:/data:ro", "busybox", "touch", "/data/y")).ExitCode);
        Assert.Contains(volume, await fixture.TextAsync(client, "volume", "ls", "-q"), StringComparison.Ordinal);
        Assert.Equal($"{volume} local", await fixture.TextAsync(client, "volume", "inspect", "-f", "{{.Name}} {{.Driver}}", volume));
        Assert.Equal(volume, await fixture.TextAsync(client, "volume", "rm", volume));
        Assert.Equal(1, (await fixture.RunAsync(client, "volume", "inspect", volume)).ExitCode);
    }

    [Theory]
    [MemberData(nameof(Clients.Both), MemberType = typeof(Clients))]
    public async Task AUsedVolumeStays(string client)
    {
        string volume = fixture.NewName("v"), name = await fixture.SleeperAsync(client, "-v", $"{volume}:/data");
        ProcessResult refused = await fixture.RunAsync(client, "volume", "rm", volume);
        Assert.Equal(1, refused.ExitCode);
        Assert.Contains("volume is in use", refused.Error, StringComparison.Ordinal);
        await fixture.TextAsync(client, "rm", "-f", name);
        await fixture.TextAsync(client, "volume", "rm", volume);
    }

    [Theory]
    [MemberData(nameof(Clients.Both), MemberType = typeof(Clients))]
    public async Task AVolumeIsFilledFromTheImage(string client)
    {
        string volume = fixture.NewName("v");
        Assert.Contains("root:x:0:0", await fixture.TextAsync(client, "run", "--rm", "-v", $"{volume}:/etc", "busybox", "cat", "/etc/passwd"), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Clients.Both), MemberType = typeof(Clients))]
    public async Task AnonymousVolumesGoWithRm(string client)
    {
        string before = await fixture.TextAsync(client, "volume", "ls", "-q");
        await fixture.TextAsync(client, "run", "--rm", "-v", "/data", "busybox", "touch", "/data/x");
        Assert.Equal(before, await fixture.TextAsync(client, "volume", "ls", "-q"));
    }

    [Theory]
    [MemberData(nameof(Clients.Both), MemberType = typeof(Clients))]
    public async Task AHostFolderIsMadeWhenMissing(string client)
    {
        string folder = $"{fixture.Daemon.Folder}/{fixture.NewName("made")}/deep";
        await fixture.TextAsync(client, "run", "--rm", "-v", $"{folder}:/x", "busybox", "sh", "-c", "echo hi > /x/file");
        Assert.Equal("hi\n", await File.ReadAllTextAsync($"{folder}/file"));
    }

    [Theory]
    [MemberData(nameof(Clients.Both), MemberType = typeof(Clients))]
    public async Task WithMountAMissingHostFolderIsAnError(string client)
    {
        string folder = $"{fixture.Daemon.Folder}/{fixture.NewName("never")}";
        ProcessResult refused = await fixture.RunAsync(client, "run", "--rm", "--mount", $"type=bind,source={folder},target=/x", "busybox", "true");
        Assert.Equal(125, refused.ExitCode);
        Assert.Contains("bind source path does not exist", refused.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(folder));
    }

    [Theory]
    [MemberData(nameof(Clients.Both), MemberType = typeof(Clients))]
    public async Task TmpfsIsOne(string client)
    {
        string text = await fixture.TextAsync(client, "run", "--rm", "--tmpfs", "/t:size=1m", "busybox", "sh", "-c", "grep ' /t ' /proc/mounts; dd if=/dev/zero of=/t/x bs=1k count=2000 2>/dev/null; wc -c < /t/x");
        Assert.StartsWith("tmpfs /t tmpfs ", text, StringComparison.Ordinal);
        Assert.EndsWith("1048576", text, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Clients.Both), MemberType = typeof(Clients))]
    public async Task InspectShowsTheMounts(string client)
    {
        string volume = fixture.NewName("v"), name = await fixture.SleeperAsync(client, "-v", $"{volume}:/data", "-v", "/tmp:/x:ro");
        Assert.Equal("volume /data true,bind /x false,", await fixture.TextAsync(client, "inspect", "-f", "{{range .Mounts}}{{.Type}} {{.Destination}} {{.RW}},{{end}}", name));
    }
}
