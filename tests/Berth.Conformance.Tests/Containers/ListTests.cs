namespace Berth.Conformance.Tests.Containers;

public sealed class ListTests(DaemonFixture fixture) : IClassFixture<DaemonFixture>
{
    [Theory]
    [MemberData(nameof(Clients.Both), MemberType = typeof(Clients))]
    public async Task FiltersChoose(string client)
    {
        string label = fixture.NewName("l");
        string up = await fixture.SleeperAsync(client, "--label", $"k={label}"), down = fixture.NewName();
        await fixture.RunAsync(client, "run", "--name", down, "--label", $"k={label}", "busybox", "sh", "-c", "exit 5");
        Assert.Equal(up, await NamesAsync(client, label));
        Assert.Equal($"{down},{up}", await NamesAsync(client, label, "-a"));
        Assert.Equal(down, await NamesAsync(client, label, "-a", "--filter", "status=exited"));
        Assert.Equal(down, await NamesAsync(client, label, "-a", "--filter", "exited=5"));
        Assert.Equal("", await NamesAsync(client, label, "-a", "--filter", "exited=6"));
        Assert.Equal(up, await NamesAsync(client, label, "--filter", $"name={up}"));
        Assert.Equal($"{down},{up}", await NamesAsync(client, label, "-a", "--filter", "ancestor=busybox"));
        Assert.Equal(down, await NamesAsync(client, label, "-a", "--filter", $"since={up}"));
        Assert.Equal(up, await NamesAsync(client, label, "-a", "--filter", $"before={down}"));
        Assert.Equal(1, (await fixture.RunAsync(client, "ps", "--filter", "nonsense=1")).ExitCode);
    }

    [Theory]
    [MemberData(nameof(Clients.Both), MemberType = typeof(Clients))]
    public async Task TheTableIsDockers(string client)
    {
        string name = await fixture.SleeperAsync(client);
        string row = (await fixture.TextAsync(client, "ps", "--filter", $"name={name}")).Split('\n')[1];
        Assert.Matches($@"^[0-9a-f]{{12}} +busybox +""sleep 1000"" +.* ago +Up .* +{name}$", row);
    }

    private async Task<string> NamesAsync(string client, string label, params string[] options) =>
        (await fixture.TextAsync(client, ["ps", "--filter", $"label=k={label}", "--format", "{{.Names}}", .. options])).Replace('\n', ',');
}
