using System.Net;

namespace Berth.Engine.Networks.Checks;

/// <summary>The steps where one of the two has the host's network stack. Pure.</summary>
internal static class HostPath
{
    private const string Shared = "they share a network";

    public static IEnumerable<ReachabilityStep> FromHost(ReachabilityFacts facts)
    {
        (string a, string b) = (facts.From.Name, facts.To.Name);
        if (facts.To.Places.FirstOrDefault(p => p.Bridge is not null) is not { } place)
        {
            bool beside = facts.To.Places.Count > 0; // macvlan, ipvlan: the kernel keeps the parent's host away
            yield return new ReachabilityStep(Shared, false, $"{a} has the host's network, {Apart.Whereabouts(facts.To)}{(beside ? ", which the host itself does not reach" : "")}")
            {
                Advice = (beside ? "" : $"berth network disconnect none {b}; ") + $"berth network connect bridge {b}",
            };
            yield break;
        }

        yield return new ReachabilityStep(Shared, true, $"{a} has the host's network, and the host reaches {b} on {place.Network} as {place.Addresses}");
        foreach (ReachabilityStep step in NetworkPath.Wires(b, place))
        {
            yield return step;
        }

        yield return NetworkPath.Firewall(facts);
        yield return new ReachabilityStep("names", false, $"the host's network has no names of containers: {a} finds {b} as {place.Addresses} alone")
        {
            Blocks = false,
            Advice = $"use {place.Addresses}, or make {a} anew with --add-host {b}:{place.Address ?? place.Ipv6Address}",
        };
        if (facts.Port is { } port)
        {
            yield return ListeningCheck.Of(facts, port, [.. new[] { place.Address, place.Ipv6Address }.OfType<IPAddress>()]);
        }
    }

    public static IEnumerable<ReachabilityStep> ToHost(ReachabilityFacts facts)
    {
        (string a, string b) = (facts.From.Name, facts.To.Name);
        CheckedPlace[] bridged = [.. facts.From.Places.Where(p => p.Bridge is not null && p.HostAddress is not null)];
        if (bridged.FirstOrDefault(p => !p.EgressLimited) is not { HostAddress: { } host } place)
        {
            string reason = bridged.Length > 0 ? $"the allow list of {bridged[0].Network} keeps {a} from the host" : $"{Apart.Whereabouts(facts.From)}, which does not lead to the host";
            yield return new ReachabilityStep(Shared, false, $"{b} has the host's network; {reason}")
            {
                Advice = (facts.From.Places.Count == 0 ? $"berth network disconnect none {a}; " : "") + $"berth network connect bridge {a}",
            };
            yield break;
        }

        yield return new ReachabilityStep(Shared, true, $"{b} has the host's network, and {a} reaches the host on {place.Network} as {host}; the host's own firewall has its say there");
        foreach (ReachabilityStep step in NetworkPath.Wires(a, place))
        {
            yield return step;
        }

        yield return NetworkPath.Firewall(facts);
        yield return new ReachabilityStep("names", false, $"containers in the host's network have no names: {a} finds {b} as {host} alone")
        {
            Blocks = false,
            Advice = $"use {host}, or make {a} anew with --add-host {b}:host-gateway",
        };
        if (facts.Port is { } port)
        {
            yield return ListeningCheck.Of(facts, port, [host]);
        }
    }
}
