using Berth.Cli.CommandLine;
using Berth.Cli.Json;
using Berth.Cli.Specs;

namespace Berth.Cli.Commands.Networks;

/// <summary>berth network create.</summary>
internal static class Create
{
    /// <summary>The driver option that --egress-allow sets: the only names that containers on the network may reach outside it.</summary>
    public const string EgressOption = "berth.egress.allow";

    public static Command Row { get; } = new("create", "[OPTIONS] NETWORK", "Make a network")
    {
        Flags = Flags,
        Words = ArgumentRule.Exactly(1),
        Run = static call =>
        {
            JsonObject answer = call.Api.Object("POST", "/networks/create", Body(call.Words[0], call.Arguments));
            if (answer.Text("Warning") is { Length: > 0 } warning)
            {
                call.Err.Line($"WARNING: {warning}");
            }

            call.Out.Line(answer.Text("Id"));
            return 0;
        },
    };

    private static Flag[] Flags() =>
    [
        Flag.Bool("attachable", "Let standalone containers join a network of a swarm"),
        Flag.Map("aux-address", "Addresses that no container gets, each with a name"),
        Flag.Text("config-from", "Network to copy the configuration from") with { Completes = Completes.Networks },
        Flag.Bool("config-only", "Make a configuration for other networks to copy"),
        Flag.Text("driver", "Driver of the network", 'd', "\"bridge\"") with { Choices = ["bridge", "ipvlan", "macvlan"] },
        Flag.Fields("egress-allow", "Names outside that its containers may reach, and no others (\"api.example.com,*.example.org\")"),
        Flag.Fields("gateway", "IPv4 or IPv6 gateway of the subnet it lies in"),
        Flag.Bool("ingress", "Make the routing mesh of a swarm"),
        Flag.Bool("internal", "Keep its containers from everything outside"),
        Flag.Fields("ip-range", "Part of a subnet that containers get their addresses from"),
        Flag.Text("ipam-driver", "Driver that gives out the addresses", @default: "\"default\""),
        Flag.Map("ipam-opt", "Options of that driver"),
        Flag.Bool("ipv4", "Give its containers IPv4 addresses") with { Default = "true" },
        Flag.Bool("ipv6", "Give its containers IPv6 addresses"),
        Flag.List("label", "Set labels on the network", check: KeyValue.CheckLabel),
        Flag.Map("opt", "Options of the driver", 'o'),
        Flag.Text("scope", "Where the network is known (\"local\", \"swarm\")") with { Choices = ["local", "swarm"] },
        Flag.Fields("subnet", "Subnet in CIDR form (\"10.1.0.0/16\")"),
    ];

    private static string Body(string name, Arguments given)
    {
        try
        {
            return Write(name, given);
        }
        catch (SpecException e)
        {
            throw new CliException(e.Message);
        }
    }

    // Older engines let a name be taken twice unless CheckDuplicate is set; those since API 1.44 never do.
    private static string Write(string name, Arguments given)
    {
        IReadOnlyList<SubnetSpec> subnets = SubnetSpec.Group(
            [.. given.Fields("subnet")], [.. given.Fields("ip-range")], [.. given.Fields("gateway")], KeyValue.ToMap(given.All("aux-address")));
        var json = new JsonBuilder().Text("Name", name).Is("CheckDuplicate", true).Text("Driver", given.Text("driver", "bridge"));
        json.Text("Scope", Text(given, "scope"))
            .Is("EnableIPv4", given.Given("ipv4") ? given.Is("ipv4") : null).Is("EnableIPv6", given.Given("ipv6") ? given.Is("ipv6") : null);
        json.Object("IPAM", ipam => ipam.Text("Driver", given.Text("ipam-driver", "default")).Map("Options", KeyValue.ToMap(given.All("ipam-opt")))
            .Objects("Config", subnets, WriteSubnet));
        json.Is("Internal", given.Is("internal")).Is("Attachable", given.Is("attachable")).Is("Ingress", given.Is("ingress")).Is("ConfigOnly", given.Is("config-only"));
        if (Text(given, "config-from") is string source)
        {
            json.Object("ConfigFrom", from => from.Text("Network", source));
        }

        return json.Map("Options", Options(given)).Map("Labels", KeyValue.ToMap(given.All("label"))).Close();
    }

    private static void WriteSubnet(JsonBuilder json, SubnetSpec subnet) =>
        json.Text("Subnet", subnet.Subnet).Text("IPRange", subnet.Range).Text("Gateway", subnet.Gateway)
            .Map("AuxiliaryAddresses", subnet.Auxiliary.Count > 0 ? subnet.Auxiliary : null);

    private static Dictionary<string, string> Options(Arguments given)
    {
        Dictionary<string, string> options = KeyValue.ToMap(given.All("opt"));
        if (!given.Given("egress-allow"))
        {
            return options;
        }

        string[] names = [.. given.Fields("egress-allow").Select(static n => n.Trim())];
        if (names.Length == 0 || Array.IndexOf(names, "") >= 0)
        {
            throw new SpecException("--egress-allow wants at least one name, and no empty ones; --internal makes a network that reaches nothing outside");
        }

        return options.TryAdd(EgressOption, string.Join(',', names)) ? options
            : throw new SpecException($"conflicting options: cannot specify both --egress-allow and --opt {EgressOption}");
    }

    private static string? Text(Arguments given, string flag) => given.Text(flag) is { Length: > 0 } text ? text : null;
}
