using System.Net;

using Berth.Network;

namespace Berth.Engine.Networks.Checks;

/// <summary>The steps from one container to another over a network that both are on. Pure.</summary>
internal static class NetworkPath
{
    private const string SeparateOption = "com.docker.network.bridge.enable_icc=false";

    public static IEnumerable<ReachabilityStep> Steps(ReachabilityFacts facts, CheckedPlace from, CheckedPlace to)
    {
        string network = from.Network;
        yield return new ReachabilityStep(
            "they share a network", true, $"both are on {network}: {facts.From.Name} is {from.Addresses}, {facts.To.Name} is {to.Addresses}{(from.Internal ? "; it is internal, which only keeps the outside away" : "")}");
        yield return Talk(facts, from);
        if (from.EgressLimited)
        {
            yield return new ReachabilityStep("the allow list lets it through", true, $"the list of {network} is for the outside; {facts.To.Name} is inside");
        }

        foreach (ReachabilityStep step in Wires(facts.From.Name, from).Concat(Wires(facts.To.Name, to)).DistinctBy(s => s.Check))
        {
            yield return step;
        }

        yield return Firewall(facts);
        foreach (ReachabilityStep step in !from.InterContainer || facts.Foreign.FiltersBridges ? Forwarded(facts, from, to) : [])
        {
            yield return step;
        }

        yield return Names(facts, from, to);
        if (facts.Port is { } port)
        {
            yield return ListeningCheck.Of(facts, port, [.. new[] { to.Address, to.Ipv6Address }.OfType<IPAddress>()]);
        }
    }

    /// <summary>The bridge, the container's link on it, and its addresses there.</summary>
    public static IEnumerable<ReachabilityStep> Wires(string name, CheckedPlace place)
    {
        if (place.Bridge is { } bridge)
        {
            yield return Bridge(place, bridge);
            yield return Attached(name, place, bridge);
        }

        if (place.Lost.Count > 0)
        {
            yield return new ReachabilityStep($"{name} has its addresses", false, $"{string.Join(" and ", place.Lost)} is gone from {place.Interface}: somebody took it away inside {name}")
            {
                Blocks = place.Address is null || place.Lost.Contains(place.Address),
                Advice = $"berth network disconnect {place.Network} {name}; berth network connect {place.Network} {name}",
            };
        }
    }

    /// <summary>What others' chains say to packets that pass through the host from one network to another, or to the same.</summary>
    public static IEnumerable<ReachabilityStep> Forwarded(ReachabilityFacts facts, CheckedPlace from, CheckedPlace to)
    {
        if (from.Bridge is not { } input || to.Bridge is not { } output)
        {
            yield break;
        }

        foreach (ForwardRefusal refusal in facts.Foreign.Between(input, output, ipv6: from.Address is null))
        {
            string way = input == output ? $"within {input}" : $"from {input} to {output}";
            yield return new ReachabilityStep(
                "the host's other rules let it through", false, $"{refusal.Chain} {(refusal.Sure ? "drops" : "may drop")} {(refusal.ByPolicy ? "by its policy" : "by a rule")} what passes {way}")
            {
                Blocks = refusal.Sure,
                Advice = $"let {refusal.Chain} accept packets whose iifname is {input}{(input == output ? "" : $" or {output}")}, in front of what drops them",
            };
        }
    }

    private static ReachabilityStep Bridge(CheckedPlace place, string bridge) =>
        new("the bridge is up", place.BridgeIsUp, place.BridgeIsUp ? bridge : $"{bridge} is gone or switched off")
        {
            Advice = $"ip link set {bridge} up; where it is gone, restart berthd: it makes it again",
        };

    private static ReachabilityStep Attached(string name, CheckedPlace place, string bridge)
    {
        string host = place.HostInterface ?? "";
        (string detail, string advice) = place.Link switch
        {
            PlaceLink.Missing => ($"{host}, the host's end of {place.Interface}, is gone", $"berth network disconnect {place.Network} {name}; berth network connect {place.Network} {name}"),
            PlaceLink.Detached => ($"{host}, the host's end of {place.Interface}, is not on {bridge}", $"ip link set {host} master {bridge}"),
            PlaceLink.Down => ($"{host}, the host's end of {place.Interface}, is switched off", $"ip link set {host} up"),
            PlaceLink.NoCarrier => ($"{place.Interface} in it is switched off", $"nsenter --net=$(berth inspect -f '{{{{.NetworkSettings.SandboxKey}}}}' {name}) ip link set {place.Interface} up"),
            _ => ($"{place.Interface} by {host}", ""),
        };
        return new ReachabilityStep($"{name} is attached to it", place.Link == PlaceLink.Attached, detail) { Advice = advice };
    }

    /// <summary>Our rules: traffic within a bridge gets through without them as well.</summary>
    public static ReachabilityStep Firewall(ReachabilityFacts facts) =>
        new("the firewall is in place", facts.FirewallPresent, facts.FirewallPresent ? $"table inet {facts.FirewallTable}" : $"the table inet {facts.FirewallTable} is gone: somebody flushed it")
        {
            Blocks = false,
            Advice = "berthd writes its rules again within a second; where they stay away, restart it: published ports and the way out need them",
        };

    private static ReachabilityStep Talk(ReachabilityFacts facts, CheckedPlace from)
    {
        const string Check = "the network lets them talk";
        if (from.InterContainer)
        {
            return new ReachabilityStep(Check, true, "");
        }

        (string a, string b) = (facts.From.Name, facts.To.Name);
        if (facts.LinkAliases.Count == 0)
        {
            return new ReachabilityStep(Check, false, $"{from.Network} keeps its containers apart ({SeparateOption}), and {a} is not linked to {b}")
            {
                Advice = $"put both on a network without that option: berth network create shared; berth network connect shared {a}; berth network connect shared {b}",
            };
        }

        // A link opens what its target exposes and nothing else.
        bool open = facts.Port is not { } port || facts.To.Exposed.Contains(port);
        string exposed = facts.To.Exposed.Count == 0 ? "no port" : string.Join(", ", facts.To.Exposed);
        return new ReachabilityStep(Check, open, $"{from.Network} keeps its containers apart; {a}'s link to {b} opens what {b} exposes: {exposed}")
        {
            Advice = $"make {b} anew with --expose {facts.Port}",
        };
    }

    private static ReachabilityStep Names(ReachabilityFacts facts, CheckedPlace from, CheckedPlace to)
    {
        (string a, string b) = (facts.From.Name, facts.To.Name);
        List<string> names = [.. facts.LinkAliases, .. from.ResolvesNames ? to.Names.SelectMany(n => n == b ? new[] { n, $"{n}.{from.Network}" } : [n]) : []];
        string address = (to.Address ?? to.Ipv6Address)?.ToString() ?? "its address";
        return new ReachabilityStep(
            "names", names.Count > 0, names.Count > 0 ? $"{a} finds {b} as {string.Join(", ", names.Distinct())}" : $"the network {from.Network} has no names: {a} finds {b} as {address} alone")
        {
            Blocks = false,
            Advice = $"use {address}, or a network of your own, where names are answered: berth network create shared; berth network connect shared {a}; berth network connect shared {b}",
        };
    }
}
