using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

using Berth.Conformance.Tests.Isolation;
using Berth.Testing.Processes;

namespace Berth.Conformance.Tests.Networks;

/// <summary>Published ports as port, ps and inspect show them, and what is refused: as with dockerd 20.10, by the same client.</summary>
[Collection(BothEngines.Collection)]
public sealed partial class BesideDockerPortTests(BothEngines engines)
{
    private const string Shows = "port bdp|ps -a --filter name=bdp --format {{.Ports}}|inspect -f {{json .NetworkSettings.Ports}} bdp|inspect -f {{json .HostConfig.PortBindings}} bdp|inspect -f {{json .Config.ExposedPorts}} bdp";

    [Theory]
    [InlineData("-p 7600:80")]
    [InlineData("-p 127.0.0.1:7600:80 -p 7601:81/udp")]
    [InlineData("-p 7600-7602:80-82 --expose 90 --expose 91/udp")]
    [InlineData("-p 7600:80 -p 7601:80 -p 127.0.0.1:7602:80/tcp")]
    [InlineData("--expose 8000-8002")]
    [InlineData("-p [::1]:7600:80")]
    [InlineData("--network host -p 7600:80")]
    [InlineData("--network none -p 7600:80")]
    public async Task TheyAreShownAlike(string options) =>
        await SameAsync($"run -d --name bdp {options} busybox sleep 1000|{Shows}|port bdp 80|port bdp 80/udp|port bdp 99|stop -t 0 bdp|{Shows}|start bdp|{Shows}|rm -f bdp");

    /// <summary>Those that are chosen at random differ, their form does not.</summary>
    [Theory]
    [InlineData("-p 80")]
    [InlineData("-P --expose 80 --expose 81/udp")]
    [InlineData("-p 127.0.0.1::80")]
    public async Task RandomOnesAreShownAlike(string options) =>
        await SameAsync($"run -d --name bdp {options} busybox sleep 1000|{Shows}|rm -f bdp", static text => Random().Replace(text, "<random>"));

    [Theory]
    [InlineData("-p 70000:80")]
    [InlineData("-p 80:70000")]
    [InlineData("-p 80:80/abc")]
    [InlineData("-p 300.0.0.1:80:80")]
    [InlineData("-p 8000-8001:80-85")]
    [InlineData("-p abc")]
    [InlineData("--network container:nope -p 80:80")]
    public async Task WhatIsRefusedIsRefusedByBoth(string options)
    {
        ProcessResult ours = await OursAsync($"create --name bdp {options} busybox"), theirs = await TheirsAsync($"create --name bdp {options} busybox");
        Assert.Equal((theirs.ExitCode, Message(theirs)), (ours.ExitCode, Message(ours)));
    }

    private static string Message(ProcessResult result) => result.Error.Split('\n')[0];

    private async Task SameAsync(string script, Func<string, string>? normal = null)
    {
        string[] commands = script.Split('|');
        (string ours, string theirs) = (await RunAsync(OursAsync, commands), await RunAsync(TheirsAsync, commands));
        Assert.Equal(normal?.Invoke(theirs) ?? theirs, normal?.Invoke(ours) ?? ours);
    }

    private static async Task<string> RunAsync(Func<string, Task<ProcessResult>> engine, string[] commands)
    {
        var text = new StringBuilder();
        foreach (string command in commands)
        {
            ProcessResult result = await engine(command);
            text.Append(command).Append(" -> ").Append(result.ExitCode).Append('\n').Append(Ordered(Id().Replace(result.Out, "<id>"))).Append(result.Error);
        }

        return text.ToString();
    }

    /// <summary>The client walks through maps in any order, and Docker through a port's bindings in one of its own.</summary>
    private static string Ordered(string text) => text.StartsWith('{') && JsonNode.Parse(text) is JsonObject map
        ? string.Concat(map.OrderBy(static p => p.Key, StringComparer.Ordinal).Select(static p => $"{p.Key} {string.Join(' ', (p.Value as JsonArray ?? []).Select(static b => b!.ToJsonString()).Order(StringComparer.Ordinal))}\n"))
        : string.Join('\n', text.Split('\n').Order(StringComparer.Ordinal));

    // Formats hold no space but behind "json".
    private static string[] Words(string command) => command.Replace("{{json ", "{{json\u00a0", StringComparison.Ordinal).Split(' ').Select(static w => w.Replace('\u00a0', ' ')).ToArray();

    private Task<ProcessResult> OursAsync(string command) => Clients.Of("20.10").RunAsync(engines.Ours, Words(command));

    private Task<ProcessResult> TheirsAsync(string command) => engines.Theirs.RunAsync(Words(command));

    [GeneratedRegex("[0-9a-f]{64}")]
    private static partial Regex Id();

    [GeneratedRegex("(?<=[:\"])(?:3[2-9]|[45][0-9]|60)[0-9]{3}")] // net.ipv4.ip_local_port_range
    private static partial Regex Random();
}
