using System.Globalization;
using System.Net;

using Berth.Network;

namespace Berth.Engine.Networks.Checks;

/// <summary>Two containers without a network in common: where each is, whether the other's network lets everybody in, and the way through the host's ports. Pure.</summary>
internal static class Apart
{
    public static IEnumerable<ReachabilityStep> Steps(ReachabilityFacts facts)
    {
        string[] direct = Exit(facts.From) is null ? [] : [.. facts.To.Places.SelectMany(p => OwnWays(facts, p)).Distinct().Take(8)];
        string? around = Around(facts);
        yield return new ReachabilityStep("they share a network", false, $"{Whereabouts(facts.From)}; {Whereabouts(facts.To)}")
        {
            Blocks = direct.Length == 0,
            Advice = Join(facts) + (around is null ? "" : $"; or use {around}"),
        };
        if (direct.Length > 0)
        {
            yield return new ReachabilityStep("its network lets others in", true, $"{facts.From.Name} reaches {facts.To.Name} at {string.Join(" or ", direct)}");
            foreach (ReachabilityStep step in Passes(facts))
            {
                yield return step;
            }

            if (facts.Port is { } port)
            {
                yield return ListeningCheck.Of(facts, port, [.. facts.To.Places.Select(p => p.Address).OfType<IPAddress>()]);
            }

            yield break;
        }

        PublishedPort[] published = [.. Wanted(facts)];
        if (published.Length > 0 || around is not null)
        {
            yield return new ReachabilityStep(
                "a published port leads there", around is not null, around is not null ? $"{facts.From.Name} reaches {facts.To.Name} through the host at {around}" : WhyNotAround(facts, published))
            {
                Blocks = false,
            };
            foreach (ReachabilityStep step in around is not null ? Passes(facts) : [])
            {
                yield return step with { Blocks = false };
            }
        }
    }

    // From the network that leads out to whichever of the other's: each has a bridge of its own.
    private static IEnumerable<ReachabilityStep> Passes(ReachabilityFacts facts) =>
        Exit(facts.From) is { } exit && facts.To.Places.FirstOrDefault(p => p is { Internal: false, Bridge: not null }) is { } place ? NetworkPath.Forwarded(facts, exit, place) : [];

    /// <summary>"web is on a and b", "web is on no network".</summary>
    public static string Whereabouts(CheckedContainer container) =>
        $"{container.Name} is on {(container.Places.Count == 0 ? "no network" : string.Join(" and ", container.Places.Select(p => p.Internal ? $"{p.Network} (internal)" : p.Network)))}";

    // A network of users' own before the predefined one: names are answered there.
    private static string Join(ReachabilityFacts facts)
    {
        (CheckedContainer from, CheckedContainer to) = (facts.From, facts.To);
        string leave = string.Concat(new[] { from, to }.Where(c => c.Places.Count == 0).Select(c => $"berth network disconnect none {c.Name}; "));
        (string? network, string joins) = (Own(to), Own(from)) switch
        {
            ({ } theirs, _) => (theirs, from.Name),
            (_, { } ours) => (ours, to.Name),
            _ => ((string?)null, ""),
        };
        return leave + (network is not null
            ? $"berth network connect {network} {joins}"
            : $"berth network create shared; berth network connect shared {from.Name}; berth network connect shared {to.Name}");
    }

    private static string? Own(CheckedContainer container) =>
        container.Places.OrderByDescending(p => p.InterContainer && !p.Internal).FirstOrDefault(p => p.ResolvesNames && p.Driver == NetworkDrivers.Bridge)?.Network;

    private static IEnumerable<PublishedPort> Wanted(ReachabilityFacts facts) =>
        facts.To.Published.Where(p => facts.Port is not { } port || (p.ContainerPort == port.Number && p.Protocol == port.Protocol));

    // "172.17.0.1:8080 (80/tcp)": the host's address as the container may use it.
    private static string? Around(ReachabilityFacts facts)
    {
        if (Exit(facts.From)?.HostAddress is not { } host)
        {
            return null;
        }

        string[] ways =
        [
            .. Wanted(facts).Where(p => p.OnHost && !p.IsIpv6 && !IPAddress.IsLoopback(p.HostAddress)).Select(p => Way(p, host)).Distinct().Take(8),
        ];
        return ways.Length == 0 ? null : string.Join(" or ", ways);
    }

    private static string Way(PublishedPort port, IPAddress host) => string.Create(
        CultureInfo.InvariantCulture, $"{new IPEndPoint(port.HostAddress.Equals(IPAddress.Any) ? host : port.HostAddress, port.HostPort)} ({port.ContainerPort}/{port.ProtocolName})");

    // By its own address, where its network lets everybody in.
    private static IEnumerable<string> OwnWays(ReachabilityFacts facts, CheckedPlace to) => to switch
    {
        { Address: null } or { Internal: true } => [],
        { Unprotected: true } => [facts.Port is { } port ? $"{new IPEndPoint(to.Address, port.Number)} ({port})" : $"{to.Address} (every port)"],
        _ => to.Opened.Intersect(Wanted(facts)).Where(p => !p.IsIpv6)
            .Select(p => string.Create(CultureInfo.InvariantCulture, $"{new IPEndPoint(to.Address, p.ContainerPort)} ({p.ContainerPort}/{p.ProtocolName})")),
    };

    private static CheckedPlace? Exit(CheckedContainer from) =>
        from.Places.FirstOrDefault(p => p is { Internal: false, Driver: NetworkDrivers.Bridge, EgressLimited: false, HostAddress: not null });

    private static string WhyNotAround(ReachabilityFacts facts, PublishedPort[] published)
    {
        string ports = string.Join(", ", published.Take(8).Select(p => p.ToString()));
        string reason = facts.From.Places switch
        {
            [] => "is on no network",
            var places when places.All(p => p.Internal) => "is on internal networks only, which do not lead to the host's ports",
            var places when places.All(p => p.Internal || p.EgressLimited) => "is on networks whose allow lists do not lead to the host's ports",
            var places when Exit(facts.From) is null => $"is on networks of the driver {places[0].Driver}, which do not lead to the host",
            _ => "cannot use an address of the host's loopback or of IPv6",
        };
        return $"{facts.To.Name} has {ports}, but {facts.From.Name} {reason}";
    }
}
