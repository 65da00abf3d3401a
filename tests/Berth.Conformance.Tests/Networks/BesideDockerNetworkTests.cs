using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Berth.Conformance.Tests.Isolation;
using Berth.Testing.Processes;

namespace Berth.Conformance.Tests.Networks;

/// <summary>The same commands of the same client on our daemon and on dockerd 20.10: the same answers, exit codes, events and inspections.</summary>
[Collection(BothEngines.Collection)]
public sealed partial class BesideDockerNetworkTests(BothEngines engines)
{
    [Theory]
    [InlineData("network create --subnet 10.61.0.0/24 --gateway 10.61.0.1 --ip-range 10.61.0.128/25 --aux-address a=10.61.0.200 bd1|network inspect bd1|network rm bd1|network inspect bd1")]
    [InlineData("network create --label a=b --label c --internal --attachable -o foo=bar --ipam-opt d=e --subnet 10.61.0.0/24 --gateway 10.61.0.1 bd1|network inspect bd1|network rm bd1")]
    [InlineData("network create --ipv6 --subnet 10.61.0.0/24 --gateway 10.61.0.1 --subnet fd00:61::/64 --gateway fd00:61::1 bd1|network inspect bd1|network rm bd1")]
    [InlineData("network create -o com.docker.network.driver.mtu=1400 -o com.docker.network.bridge.enable_icc=false --subnet 10.61.0.0/24 --gateway 10.61.0.1 bd1|network inspect bd1|network rm bd1")]
    [InlineData("network create bd1|network create bd1|network ls --format {{.Name}}:{{.Driver}}:{{.Scope}}:{{.Internal}}:{{.IPv6}}|network rm bd1|network rm bd1")]
    [InlineData("network create --label x=1 bd1|network create --label x=2 bd2|network ls -f label=x --format {{.Name}}:{{.Labels}}|network ls -f label=x=2 -f driver=bridge --format {{.Name}}|network ls -f name=^bd --format {{.Name}}|network ls -f name=d2$ --format {{.Name}}|network ls -f type=custom --format {{.Name}}|network ls -f type=builtin --format {{.Name}}|network prune -f --filter label=x=2|network prune -f --filter until=1h|network prune -f --filter label!=x|network rm bd1")]
    [InlineData("network create --config-only --label a=b --subnet 10.62.0.0/24 --gateway 10.62.0.1 bdc|network create --config-from bdc --internal bd1|network inspect bdc|network inspect bd1|network rm bd1 bdc")]
    [InlineData("network create bridge|network create none|network create -d host bd1|network create -d null bd1|network create --subnet 10.61.0.0/24 --gateway 10.62.0.1 bd1|network rm bridge|network rm nope|network inspect nope|network connect nope nope|network disconnect nope nope|network connect bridge nope")]
    [InlineData("network create --subnet 10.61.0.0/24 bd1|run -d --name bdx --network bd1 --network-alias al --ip 10.61.0.50 busybox sleep 1000|network inspect -f {{json .Containers}} bd1|exec bdx ip route|exec bdx ip -o -4 addr show eth0|network connect bd1 bdx|network connect --ip 10.1.1.1 bridge bdx|network connect --alias a bridge bdx|network connect none bdx|network disconnect host bdx|network disconnect bridge bdx|rm -f bdx|network rm bd1")]
    [InlineData("network create --subnet 10.61.0.0/24 bd1|network create --subnet 10.60.0.0/24 bd2|run -d --name bdx --network bd1 busybox sleep 1000|network connect --ip 10.60.0.9 --alias z --link-local-ip 169.254.7.7 bd2 bdx|exec bdx ip route|exec bdx ip -o -4 addr show eth1|network disconnect bd1 bdx|exec bdx ip route|network disconnect bd2 bdx|exec bdx ls /sys/class/net|rm -f bdx|network rm bd1 bd2")]
    [InlineData("network create --subnet 10.61.0.0/24 bd1|create --name bdx --network bd1 --ip 10.61.0.7 busybox sleep 1000|network connect bridge bdx|network disconnect bridge bdx|network disconnect bridge bdx|start bdx|exec bdx ip -o -4 addr show eth0|restart -t 0 bdx|exec bdx ip -o -4 addr show eth0|pause bdx|network disconnect bd1 bdx|network connect --ip 10.61.0.8 bd1 bdx|unpause bdx|stop -t 0 bdx|network inspect -f {{json .Containers}} bd1|network disconnect -f bd1 bdx|rm bdx|network rm bd1")]
    [InlineData("network create bd1|run -d --name bdx --network bd1 busybox sleep 1000|run -d --name bdy --network container:bdx busybox sleep 1000|network connect bridge bdy|network disconnect bd1 bdy|network connect bridge bdx|exec bdy ls /sys/class/net|rm -f bdy bdx|run -d --name bdx --network host busybox sleep 1000|network connect bridge bdx|rm -f bdx|run -d --name bdx --network none busybox sleep 1000|network connect bridge bdx|network disconnect none bdx|network connect bridge bdx|exec bdx ls /sys/class/net|rm -f bdx|network rm bd1")]
    [InlineData("network create --subnet 10.61.0.0/30 bd1|run -d --name bdx --network bd1 busybox sleep 1000|run -d --name bdy busybox sleep 1000|network connect bd1 bdy|rm -f bdx|network connect bd1 bdy|exec bdy ip -o -4 addr show eth1|rm -f bdy|network rm bd1")]
    public async Task AnswersAreAlike(string script)
    {
        string[] commands = script.Split('|');
        (string ours, string theirs) = (await RunAsync(Ours, commands), await RunAsync(Theirs, commands));
        Assert.Equal(theirs, ours);
    }

    /// <summary>Of networks and of what containers do on them.</summary>
    [Fact]
    public async Task EventsAreAlike()
    {
        string[] commands =
        [
            "network create bde", "create --name bdx --network bde busybox sleep 1000", "network connect bridge bdx", "network disconnect bridge bdx", "start bdx", "network connect bridge bdx",
            "network disconnect bridge bdx", "restart -t 0 bdx", "rm -f bdx", "network rm bde", "network create --label gone bde", "network prune -f --filter label=gone",
        ];
        (string ours, string theirs) = (await EventsAsync(Ours, commands), await EventsAsync(Theirs, commands));
        Assert.Contains("prune", theirs, StringComparison.Ordinal);
        Assert.Equal(theirs, ours);
    }

    [Theory]
    [InlineData("--network bdn --ip 10.63.0.9 --network-alias al")]
    [InlineData("--network bdn --ip 10.63.0.9 --ip6 fd00:63::9 --mac-address 02:42:00:00:11:22 --link-local-ip 169.254.1.9")]
    [InlineData("--network none")]
    [InlineData("")]
    public async Task NetworkSettingsAreAlike(string options)
    {
        string[] commands =
        [
            "network create --ipv6 --subnet 10.63.0.0/24 --gateway 10.63.0.1 --subnet fd00:63::/64 --gateway fd00:63::1 bdn", $"run -d --name bdx {options} busybox sleep 1000",
            "inspect -f {{json .NetworkSettings}} bdx", "stop -t 0 bdx", "inspect -f {{json .NetworkSettings}} bdx", "rm -f bdx", "network rm bdn",
        ];
        (string ours, string theirs) = (await RunAsync(Ours, [.. commands]), await RunAsync(Theirs, [.. commands]));
        Assert.Equal(theirs, ours);
    }

    private Task<ProcessResult> Ours(string[] arguments) => Clients.Of("20.10").RunAsync(engines.Ours, arguments);

    private Task<ProcessResult> Theirs(string[] arguments) => engines.Theirs.RunAsync(arguments);

    private static async Task<string> RunAsync(Func<string[], Task<ProcessResult>> client, string[] commands)
    {
        var said = new List<string>();
        foreach (string command in commands)
        {
            ProcessResult result = await client(Split(command));
            said.Add($"$ {command}\n[{result.ExitCode}] {Alike(result.Out)}{Alike(FirstLine(result.Error))}");
        }

        return string.Join('\n', said);
    }

    private async Task<string> EventsAsync(Func<string[], Task<ProcessResult>> client, string[] commands)
    {
        string since = DateTimeOffset.UtcNow.ToString("yyyy-MM-ddTHH:mm:ss.fffffffZ", System.Globalization.CultureInfo.InvariantCulture);
        await RunAsync(client, commands);
        string until = DateTimeOffset.UtcNow.ToString("yyyy-MM-ddTHH:mm:ss.fffffffZ", System.Globalization.CultureInfo.InvariantCulture);
        ProcessResult told = await client(["events", "--since", since, "--until", until, "--filter", "type=network", "--format", "{{.Type}} {{.Action}} {{json .Actor.Attributes}}"]);

        // 20.10 tells twice that a running container left the default bridge.
        string[] lines = LongId().Replace(told.Text, "<id>").Split('\n');
        return string.Join('\n', lines.Where((line, i) => i == 0 || line != lines[i - 1]));
    }

    // A template may hold spaces.
    private static string[] Split(string command) => [.. Words().Matches(command).Select(static m => m.Value)];

    // The client's own complaint about an answer it no longer waits for comes before or after Docker's.
    private static string FirstLine(string error) =>
        error.Split('\n').FirstOrDefault(static l => l.Length > 0 && !l.StartsWith("time=", StringComparison.Ordinal)) is { } line ? line.TrimEnd('.') + "\n" : "";

    /// <summary>Without what is each engine's own, and in an order of its own.</summary>
    private static string Alike(string text)
    {
        text = LongId().Replace(text, "<id>");
        foreach ((Regex ours, string same) in IntendedNetworkDifferences.All)
        {
            text = ours.Replace(text, same);
        }

        return text.StartsWith('{') && JsonNode.Parse(text) is { } json ? json.ToJsonString() + "\n" : text;
    }

    [GeneratedRegex("[0-9a-f]{64}")]
    private static partial Regex LongId();

    [GeneratedRegex(@"\{\{.*?\}\}[^ ]*|[^ ]*\{\{.*?\}\}[^ ]*|[^ ]+")]
    private static partial Regex Words();
}
