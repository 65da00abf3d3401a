using Berth.Testing.Processes;

namespace Berth.Conformance.Tests.Containers;

public sealed class ExecTests(DaemonFixture fixture) : IClassFixture<DaemonFixture>
{
    [Theory]
    [MemberData(nameof(Clients.Both), MemberType = typeof(Clients))]
    public async Task ExitCodesAndStreams(string client)
    {
        string name = await fixture.SleeperAsync(client);
        ProcessResult result = await fixture.RunAsync(client, "exec", name, "sh", "-c", "echo out; echo err >&2; exit 6");
        Assert.Equal((6, "out\n", "err\n"), (result.ExitCode, result.Out, result.Error));
        Assert.Equal(126, (await fixture.RunAsync(client, "exec", name, "/etc/passwd")).ExitCode);
        Assert.Contains((await fixture.RunAsync(client, "exec", name, "no-such-program")).ExitCode, new[] { 126, 127 });
        Assert.Equal(137, (await fixture.RunAsync(client, "exec", name, "sh", "-c", "kill -9 $$")).ExitCode);
    }

    [Theory]
    [MemberData(nameof(Clients.Both), MemberType = typeof(Clients))]
    public async Task InputIsPassedOn(string client)
    {
        string name = await fixture.SleeperAsync(client);
        byte[] input = new byte[2_000_000];
        new Random(2).NextBytes(input);
        ProcessResult result = await fixture.Client(client).RunAsync(fixture.Daemon, new MemoryStream(input), "exec", "-i", name, "sha256sum");
        Assert.StartsWith(Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(input)), result.Text, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Clients.Both), MemberType = typeof(Clients))]
    public async Task OptionsReachTheProcess(string client)
    {
        string name = await fixture.SleeperAsync(client, "-e", "A=1");
        Assert.Equal("1 2 /tmp 65534", await fixture.TextAsync(client, "exec", "-e", "B=2", "-w", "/tmp", "-u", "nobody", name, "sh", "-c", "echo $A $B $(pwd) $(id -u)"));
    }

    [Theory]
    [MemberData(nameof(Clients.Both), MemberType = typeof(Clients))]
    public async Task DetachedItRunsOn(string client)
    {
        string name = await fixture.SleeperAsync(client);
        await fixture.TextAsync(client, "exec", "-d", name, "sh", "-c", "echo done > /tmp/flag");
        await Until.TrueAsync(async () => (await fixture.RunAsync(client, "exec", name, "cat", "/tmp/flag")).Out == "done\n", "the detached exec writes");
    }

    [Theory]
    [MemberData(nameof(Clients.Both), MemberType = typeof(Clients))]
    public async Task WhatCannotRunIsSaid(string client)
    {
        string name = await fixture.SleeperAsync(client);
        ProcessResult missing = await fixture.RunAsync(client, "exec", name, "/bin/nonex");
        Assert.Equal(127, missing.ExitCode);
        Assert.Contains("exec: \"/bin/nonex\": stat /bin/nonex: no such file or directory", missing.Out + missing.Error, StringComparison.Ordinal);
        ProcessResult nobody = await fixture.RunAsync(client, "exec", "-u", "nouser", name, "id");
        Assert.Equal(126, nobody.ExitCode);
        Assert.Contains("unable to find user nouser", nobody.Out + nobody.Error, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Clients.Both), MemberType = typeof(Clients))]
    public async Task OnlyInARunningContainer(string client)
    {
        string name = await fixture.SleeperAsync(client);
        await fixture.TextAsync(client, "kill", name);
        ProcessResult result = await fixture.RunAsync(client, "exec", name, "true");
        Assert.Equal(1, result.ExitCode);
        Assert.Contains("is not running", result.Error, StringComparison.Ordinal);
    }
}
