using Berth.Cli.CommandLine;
using Berth.Cli.Http;
using Berth.Cli.Json;
using Berth.Cli.Specs;

namespace Berth.Cli.Commands.Networks;

/// <summary>berth network connect and disconnect: a container gets an interface on a network, or loses it, whether it runs or not.</summary>
internal static class Connect
{
    public static Command Row { get; } = new("connect", "[OPTIONS] NETWORK CONTAINER", "Connect a container to a network")
    {
        Flags = static () =>
        [
            Flag.Fields("alias", "Further names of the container on this network"),
            Flag.Fields("driver-opt", "Options of the driver for this connection"),
            Flag.Int("gw-priority", "The connection of the highest priority has the container's default gateway; may be negative"),
            Flag.Text("ip", "IPv4 address (e.g., \"172.30.100.104\")"),
            Flag.Text("ip6", "IPv6 address (e.g., \"2001:db8::33\")"),
            Flag.List("link", "Link to another container", check: HostChecks.Link) with { Completes = Completes.Containers },
            Flag.Fields("link-local-ip", "Link-local addresses of the container"),
        ],
        Words = ArgumentRule.Exactly(2),
        Completes = Completes.Networks,
        CompletesNext = Completes.Containers,
        Run = static call => Change(call, "connect", Settings),
    };

    public static Command Disconnect { get; } = new("disconnect", "[OPTIONS] NETWORK CONTAINER", "Disconnect a container from a network")
    {
        Flags = static () => [Flag.Bool("force", "Disconnect it also where the container is gone or does not answer", 'f')],
        Words = ArgumentRule.Exactly(2),
        Completes = Completes.Networks,
        CompletesNext = Completes.Containers,
        Run = static call => Change(call, "disconnect", static (json, given) => json.Is("Force", given.Is("force"))),
    };

    private static int Change(Invocation call, string verb, Action<JsonBuilder, Arguments> write)
    {
        (string network, string container) = (Name("network", call.Words[0]), Name("container", call.Words[1]));
        JsonBuilder json = new JsonBuilder().Text("Container", container);
        write(json, call.Arguments);
        try
        {
            call.Api.Do("POST", $"/networks/{Query.Segment(network)}/{verb}", json.Close());
        }
        catch (ApiException e)
        {
            throw WrongKind.Explain(call, container, e);
        }

        return 0;
    }

    private static string Name(string kind, string given) =>
        given.Trim() is { Length: > 0 } name ? name : throw new CliException($"invalid {kind} name or ID: value is empty");

    private static void Settings(JsonBuilder json, Arguments given)
    {
        Dictionary<string, string> options = DriverOptions(given.Fields("driver-opt"));
        json.Object("EndpointConfig", endpoint =>
        {
            endpoint.Object("IPAMConfig", ipam => ipam.Text("IPv4Address", Text(given, "ip")).Text("IPv6Address", Text(given, "ip6"))
                .List("LinkLocalIPs", Some(given.Fields("link-local-ip"))));
            endpoint.List("Links", Some(given.All("link"))).List("Aliases", Some(given.Fields("alias")))
                .Map("DriverOpts", options.Count > 0 ? options : null).Int("GwPriority", given.Int("gw-priority") is not 0 and long priority ? priority : null);
        });
    }

    private static Dictionary<string, string> DriverOptions(IEnumerable<string> pairs)
    {
        var options = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (string pair in pairs)
        {
            (string key, string value) = KeyValue.Split(pair);
            bool good = pair.Contains('=', StringComparison.Ordinal) && key.Trim().Length > 0;
            options[key.Trim()] = good ? value.Trim() : throw new CliException("invalid key/value pair format in driver options");
        }

        return options;
    }

    private static string? Text(Arguments given, string flag) => given.Text(flag) is { Length: > 0 } text ? text : null;

    private static string[]? Some(IEnumerable<string> values) => values.ToArray() is { Length: > 0 } some ? some : null;
}
