using System.Text.RegularExpressions;

using Berth.Conformance.Tests.Isolation;
using Berth.Testing.Processes;

namespace Berth.Conformance.Tests.Networks;

/// <summary>--link on the default bridge beside Debian's dockerd 20.10: the same commands, and what they show but for ids and addresses.</summary>
[Collection(BothEngines.Collection)]
public sealed partial class LinkTests(BothEngines engines)
{
    private static readonly string[] Target =
    [
        "--hostname", "dbhost", "-e", "A=1=2", "-e", "HOSTNAME=q", "-e", "EMPTY=", "--expose", "3306", "--expose", "53/udp", "--expose", "22/udp", "--expose", "80",
        "--expose", "8000-8003", "--expose", "9000-9001", "--expose", "5000-5002/udp",
    ];

    // In no order of Docker's: it keeps them in a map.
    private const string Links = "{{range .HostConfig.Links}}{{println .}}{{end}}";

    private static readonly string[] Sleep = ["busybox", "sleep", "1000"];

    [Fact]
    public async Task VariablesAreDockers()
    {
        await using var pair = new Pair(engines, "ldb", "lweb", "lother");
        await pair.DoAsync(["run", "-d", "--name", "ldb", .. Target, .. Sleep]);
        await pair.SameAsync(["run", "--rm", "--name", "lweb", "-h", "web", "--link", "ldb:my-db.x", "-e", "MY_DB.X_NAME=mine", "busybox", "env"], sorted: true);
        await pair.DoAsync(["run", "-d", "--name", "lother", "-h", "other", "--link", "ldb", "--link", "ldb:second", .. Sleep]);
        await pair.SameAsync(["exec", "-e", "SECOND_NAME=exec", "lother", "env"], sorted: true);
        await pair.SameAsync(["exec", "lother", "cat", "/proc/1/environ"], sorted: true);
        await pair.SameAsync(["inspect", "-f", "{{json .Config.Env}}", "lother"]);
    }

    [Fact]
    public async Task HostsAndNamesAreDockersAndFollow()
    {
        await using var pair = new Pair(engines, "ldb", "ldb2", "lcache", "lweb", "lfront", "lfill");
        await pair.DoAsync(["run", "-d", "--name", "ldb", "-h", "dbhost", .. Sleep]);
        await pair.DoAsync(["run", "-d", "--name", "lcache", .. Sleep]);
        await pair.DoAsync(["run", "-d", "--name", "lweb", "-h", "web", "--add-host", "x:1.2.3.4", "--link", "ldb", "--link", "lcache:fast", .. Sleep]);
        await pair.SameAsync(["exec", "lweb", "cat", "/etc/hosts"], sorted: true);
        await pair.SameAsync(["inspect", "-f", Links + "{{json .NetworkSettings.Networks.bridge.Links}}", "lweb"], sorted: true);
        await pair.SameAsync(["ps", "--no-trunc", "--filter", "name=^/lcache$", "--format", "{{.Names}}"]);
        await pair.SameAsync(["ps", "--filter", "name=lweb/fast", "--format", "{{.Names}}"]);
        await pair.SameAsync(["inspect", "-f", "{{.Name}}", "lweb/fast"]);

        await pair.DoAsync(["rename", "ldb", "ldb2"]);
        await pair.DoAsync(["rename", "lweb", "lfront"]);
        await pair.SameAsync(["inspect", "-f", Links, "lfront"], sorted: true);

        // Where the target comes back with another address, its line follows without a restart, and the user's own stays. (Docker's 20.10 keeps the old one.)
        await pair.DoAsync(["exec", "lfront", "sh", "-c", "echo 5.6.7.8 mine >> /etc/hosts"]);
        await pair.DoAsync(["stop", "-t", "0", "lcache"]);
        await pair.DoAsync(["run", "-d", "--name", "lfill", .. Sleep]);
        await pair.DoAsync(["start", "lcache"]);
        string address = await pair.Engines[0].TextAsync(["inspect", "-f", "{{.NetworkSettings.IPAddress}}", "lcache"]);
        string[] hosts = (await pair.Engines[0].TextAsync(["exec", "lfront", "cat", "/etc/hosts"])).Split('\n');
        Assert.StartsWith($"{address}\tfast ", Assert.Single(hosts, l => l.Contains("fast", StringComparison.Ordinal)), StringComparison.Ordinal);
        Assert.Contains("5.6.7.8 mine", hosts);

        await pair.SameAsync(["rm", "--link", "lfront/fast"]);
        await pair.SameAsync(["inspect", "-f", Links, "lfront"], sorted: true);
        await pair.SameAsync(["exec", "lfront", "grep", "-c", "fast", "/etc/hosts"]);
        await pair.RefusedAsync(["rm", "--link", "lfront/fast"]);
        await pair.RefusedAsync(["rm", "--link", "lfront"]);
        await pair.SameAsync(["ps", "--no-trunc", "--filter", "name=^/lcache$", "--format", "{{.Names}}"]);
        await pair.DoAsync(["rm", "-f", "ldb2"]);
        Assert.Contains(
            "Cannot link to a non running container: /ldb AS /lfront/ldb: it was removed", (await pair.Engines[0].RunAsync(["restart", "-t", "0", "lfront"])).Error, StringComparison.Ordinal);
        await pair.Engines[0].TextAsync(["rm", "--link", "lfront/ldb"]);
        await pair.Engines[0].TextAsync(["start", "lfront"]);
    }

    [Fact]
    public async Task RefusalsAreDockers()
    {
        await using var pair = new Pair(engines, "lstopped", "lweb", "lhost", "lnone");
        await pair.RefusedAsync(["run", "--rm", "--link", "nope:x", "busybox", "true"]);
        await pair.DoAsync(["create", "--name", "lstopped", .. Sleep]);
        await pair.RefusedAsync(["run", "--name", "lweb", "--link", "lstopped:s", "busybox", "true"]);
        await pair.SameAsync(["inspect", "-f", "{{.State.Status}} {{.State.ExitCode}} {{.State.Error}}", "lweb"]);
        await pair.DoAsync(["run", "-d", "--name", "lhost", "--net", "host", .. Sleep]);
        await pair.RefusedAsync(["run", "--rm", "--link", "lhost", "busybox", "true"]);
        await pair.DoAsync(["run", "-d", "--name", "lnone", "--net", "none", .. Sleep]);
        await pair.RefusedAsync(["run", "--rm", "--link", "lnone", "busybox", "true"]);
    }

    [GeneratedRegex(@"\b172\.(29|30)\.\d+\.\d+\b")]
    private static partial Regex Addresses();

    [GeneratedRegex(@"\b[0-9a-f]{12}\b")]
    private static partial Regex Ids();

    private sealed record Engine(Func<string[], Task<ProcessResult>> RunAsync)
    {
        public async Task<string> TextAsync(string[] arguments) => (await RunAsync(arguments)).Text;
    }

    /// <summary>Both engines with the same containers, which go at the end.</summary>
    private sealed class Pair(BothEngines engines, params string[] names) : IAsyncDisposable
    {
        /// <summary>Ours and Docker's, in this order.</summary>
        public IReadOnlyList<Engine> Engines =>
            [new(a => Clients.Of("20.10").RunAsync(engines.Ours, a)), new(engines.Theirs.RunAsync)];

        public async Task DoAsync(string[] arguments)
        {
            foreach (Engine engine in Engines)
            {
                await engine.TextAsync(arguments);
            }
        }

        public async Task SameAsync(string[] arguments, bool sorted = false)
        {
            var shown = new List<(int, string)>();
            foreach (Engine engine in Engines)
            {
                ProcessResult result = await engine.RunAsync(arguments);
                string text = Ids().Replace(Addresses().Replace(result.Out, "ADDRESS"), "ID").Replace('\0', '\n');
                shown.Add((result.ExitCode, sorted ? string.Join('\n', text.Split('\n').Distinct().Order(StringComparer.Ordinal)) : text));
            }

            Assert.Equal(shown[1], shown[0]);
        }

        public async Task RefusedAsync(string[] arguments)
        {
            var said = new List<(int, string)>();
            foreach (Engine engine in Engines)
            {
                ProcessResult result = await engine.RunAsync(arguments); // the client may say further things about its wait
                said.Add((result.ExitCode, result.Error.Split('\n').First(static l => l.Contains("Error", StringComparison.Ordinal))));
            }

            Assert.NotEqual(0, said[0].Item1);
            Assert.Equal(said[1], said[0]);
        }

        public async ValueTask DisposeAsync()
        {
            foreach (Engine engine in Engines)
            {
                await engine.RunAsync(["rm", "-f", .. names]);
            }
        }
    }
}
