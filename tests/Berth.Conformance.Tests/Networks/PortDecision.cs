using System.Text.Json.Nodes;

namespace Berth.Conformance.Tests.Networks;

/// <summary>
/// What a host firewall that denies incoming packets means for published ports: with the policy "open" they answer all the same (and a warning was given), with "host"
/// they answer once it lets them, and the server sees who asks.
/// </summary>
internal static class PortDecision
{
    /// <summary>A container that publishes its port 80, for the API.</summary>
    public static string Container(int port, string policy) => $$$"""
        {"Image":"busybox","Cmd":["sleep","1000"],"Labels":{"berth.publish-policy":"{{{policy}}}"},"HostConfig":{"PortBindings":{
        "80/tcp":[{"HostPort":"{{{port}}}"}],"80/udp":[{"HostPort":"{{{port}}}"}]}},"ExposedPorts":{"80/tcp":{},"80/udp":{} } }
        """;

    public static string Warning(JsonNode created) => string.Join('\n', created["Warnings"]!.AsArray().Select(static w => (string?)w));

    /// <param name="wired">The daemon.</param>
    /// <param name="open">The container at 8080.</param>
    /// <param name="host">The container at 8081.</param>
    /// <param name="allow">Lets 8081 in.</param>
    public static async Task HoldsAsync(WiredDaemon wired, string open, string host, Func<Task> allow)
    {
        await wired.Daemon.TextAsync("start", open, host);
        using Place inOpen = await Place.OfContainerAsync(wired.Daemon, open), inHost = await Place.OfContainerAsync(wired.Daemon, host);
        await using PeerServer passed = new(inOpen, "open", 80), decided = new(inHost, "host", 80);
        string to = WiredDaemon.HostAddress, seen = WiredDaemon.OutsideAddress;
        Assert.Equal($"open {seen}", await wired.Outside.AskAsync($"{to}:8080"));
        Assert.Equal($"open {seen}", await wired.Outside.AskByDatagramAsync($"{to}:8080"));
        Assert.StartsWith("!", await wired.Outside.AskAsync($"{to}:8081"), StringComparison.Ordinal);
        Assert.StartsWith("!", await wired.Outside.AskByDatagramAsync($"{to}:8081"), StringComparison.Ordinal);
        await allow();
        Assert.Equal($"host {seen}", await wired.Outside.AskAsync($"{to}:8081"));
        Assert.Equal($"host {seen}", await wired.Outside.AskByDatagramAsync($"{to}:8081"));
        Assert.Equal($"open {seen}", await wired.Outside.AskAsync($"{to}:8080"));
        await wired.Daemon.TextAsync("rm", "-f", open, host);
    }
}
