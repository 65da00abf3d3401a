using Berth.Conformance.Tests.Isolation;
using Berth.Testing.Archives;
using Berth.Testing.Processes;

namespace Berth.Conformance.Tests.Images;

/// <summary>What dockerd 20.10 built and saved, loaded and run here by each stock client.</summary>
[Collection(BothEngines.Collection)]
public sealed class SavedByDockerTests(BothEngines engines)
{
    [Fact]
    public async Task ItRunsHere()
    {
        string archive = Path.Join(engines.Theirs.Folder, "saved.tar");
        await engines.Theirs.TextAsync("import", await DebianArchive.PathAsync(), "debian:latest");
        await engines.Theirs.TextAsync(
            "run", "--name", "made", "--net", "none", "debian", "bash", "-ec",
            "useradd -m eve; rm /usr/bin/sort; rm -rf /usr/share/doc; mkdir /usr/share/doc; echo new > /usr/share/doc/new; chmod 4711 /usr/bin/env; ln /etc/passwd /x");
        await engines.Theirs.TextAsync("commit", "-m", "a second layer", "-c", "CMD [\"bash\",\"-c\",\"echo by default: $WHO; exit 6\"]", "-c", "ENV WHO=saved", "-c", "USER eve", "-c", "WORKDIR /home/eve", "made", "saved:two");
        string id = await engines.Theirs.TextAsync("inspect", "-f", "{{.Id}} {{len .RootFS.Layers}}", "saved:two");
        await engines.Theirs.TextAsync("save", "-o", archive, "debian:latest", "saved:two");

        foreach (string client in new[] { "28", "20.10" })
        {
            string loaded = (await Clients.Of(client).RunAsync(engines.Ours, "load", "-i", archive)).Text;
            Assert.Contains("Loaded image: debian:latest", loaded, StringComparison.Ordinal);
            Assert.Contains("Loaded image: saved:two", loaded, StringComparison.Ordinal);
            Assert.Equal(id, await TextAsync(client, "inspect", "-f", "{{.Id}} {{len .RootFS.Layers}}", "saved:two"));
            Assert.Equal((6, "by default: saved\n"), await RunAsync(client, "saved:two"));
            Assert.Equal(
                "eve /home/eve new 4711 gone",
                await TextAsync(client, "run", "--rm", "saved:two", "bash", "-c", "echo $(whoami) $(pwd) $(ls /usr/share/doc) $(stat -c %a /usr/bin/env) $(test -e /usr/bin/sort || echo gone)"));
            Assert.Equal("2", await TextAsync(client, "run", "--rm", "saved:two", "stat", "-c", "%h", "/x"));
            await TextAsync(client, "rmi", "saved:two", "debian:latest");
        }

        await Clients.Of("28").RunAsync(engines.Ours, "load", "-q", "-i", archive);
        Assert.Equal("", await TextAsync("28", "run", "--rm", "debian", "dpkg", "--verify"));
    }

    private async Task<string> TextAsync(string client, params string[] arguments) => (await Clients.Of(client).RunAsync(engines.Ours, arguments)).Text;

    private async Task<(int, string)> RunAsync(string client, string image)
    {
        ProcessResult result = await Clients.Of(client).RunAsync(engines.Ours, "run", "--rm", image);
        return (result.ExitCode, result.Out);
    }
}
