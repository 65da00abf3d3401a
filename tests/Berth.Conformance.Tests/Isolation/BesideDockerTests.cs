namespace Berth.Conformance.Tests.Isolation;

/// <summary>A container of ours and one of dockerd 20.10, started by the same client with the same options, compared line by line.</summary>
[Collection(BothEngines.Collection)]
public sealed class BesideDockerTests(BothEngines engines)
{
    // Docker 20.10 knows 38 capabilities, and the kernel three more by now; ours gives a privileged container all there are, as later Dockers do.
    private static readonly IntendedDifference[] NewerCapabilities =
    [
        new("- status CapBnd:\t0000003f.*", "20.10 knows no capability beyond 37"),
        new("[+] status CapBnd:\t000001ff.*", "all that the kernel has"),
    ];

    private static readonly IntendedDifference[] TmpfsMode =
    [
        new("- root /run directory 755 0:0", "runc 1.1 gives a tmpfs the mode of the folder below it, whatever mode= says; later ones do not"),
        new("[+] root /run directory 700 0:0", "as asked for"),
    ];

    [Fact]
    public async Task APlainContainerDiffersOnlyAsIntended()
    {
        IReadOnlyList<string> differences = await DifferencesAsync([]);
        Assert.Equal("", string.Join('\n', differences.Where(static d => !IntendedDifference.Always.Any(i => i.Matches(d)))));

        // None is listed that is not there: a list of differences that nobody sees any more hides the next real one.
        Assert.Equal([], IntendedDifference.Always.Where(i => !differences.Any(i.Matches)).Select(static i => i.Line));
    }

    [Theory]
    [InlineData("-u nobody")]
    [InlineData("-u 1000")]
    [InlineData("-u 1000:50 --group-add 33 --group-add nogroup")]
    [InlineData("-u www-data --cap-add net_admin")]
    [InlineData("--cap-drop all --cap-add chown --cap-add net_raw")]
    [InlineData("--security-opt no-new-privileges --read-only")]
    [InlineData("--security-opt seccomp=unconfined --security-opt systempaths=unconfined")]
    [InlineData("-t -h here --domainname example.org --dns 192.0.2.1 --dns-search example.org --dns-option ndots:2 --add-host other:192.0.2.7")]
    [InlineData("--net none")]
    [InlineData("--pid host --ipc host --cgroupns host")]
    [InlineData("--shm-size 32m -m 64m --cpus .5 --pids-limit 500 --oom-score-adj 500")]
    [InlineData("--ulimit nofile=100:200 --ulimit core=0 --sysctl net.ipv4.ip_forward=0 --sysctl kernel.msgmax=9000")]
    [InlineData("-v /usr/share:/x:ro --tmpfs /t:size=1m,mode=1770 -v named:/v -v /anonymous --mount type=tmpfs,dst=/t2,tmpfs-size=1m")]
    [InlineData("-e A=b -e PATH=/bin -w /new/folder --device /dev/null:/dev/other:r --device /dev/fuse")]
    public async Task OptionsMakeNoFurtherDifference(string options) => await AssertAlikeAsync(options);

    [Fact]
    public Task ATmpfsHasTheModeAskedFor() => AssertAlikeAsync("--tmpfs /run:exec,mode=700", TmpfsMode);

    /// <summary>As a user, for runc needs CAP_SYS_RESOURCE to give root all capabilities, and a machine may not have it to give.</summary>
    [Fact]
    public Task APrivilegedContainerSeesTheSame() => AssertAlikeAsync("--privileged -u 1000", NewerCapabilities);

    /// <summary>Links and addresses are each host's own here, and left out.</summary>
    [Fact]
    public async Task OnTheHostsNetworkItSeesTheSame() =>
        Assert.Equal([], (await UnintendedAsync("--net host -h here")).Where(static l => l.Split(' ')[1] is not ("link" or "address" or "route" or "sysctl")));

    private async Task AssertAlikeAsync(string options, params IntendedDifference[] further) => Assert.Equal("", string.Join('\n', await UnintendedAsync(options, further)));

    private async Task<IEnumerable<string>> UnintendedAsync(string options, params IntendedDifference[] further)
    {
        IntendedDifference[] intended = [.. IntendedDifference.Always, .. further];
        return (await DifferencesAsync(options.Split(' '))).Where(d => !intended.Any(i => i.Matches(d)));
    }

    private async Task<IReadOnlyList<string>> DifferencesAsync(string[] options)
    {
        string[] command = ["run", "--rm", .. options, "busybox", "/bin/sh", "-c", ContainerView.Probe];
        Task<string> running = engines.Theirs.TextAsync(command);
        HashSet<string> ours = ContainerView.Read((await Clients.Of("20.10").RunAsync(engines.Ours, command)).Text, engines.Ours.Folder);
        HashSet<string> theirs = ContainerView.Read(await running, engines.Theirs.Folder);
        Assert.True(theirs.Count > 100, $"the probe fails: {string.Join('\n', theirs)}");
        return [.. theirs.Except(ours).Select(static l => "- " + l).Concat(ours.Except(theirs).Select(static l => "+ " + l)).Order(StringComparer.Ordinal)];
    }
}
