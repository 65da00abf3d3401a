using Berth.Linux.Netlink;

namespace Berth.Network.Networks;

/// <summary>A default bridge that a daemon of this data root had before it was given another name.</summary>
/// <param name="Name">The link, after which the table and the rules are named too.</param>
/// <param name="Addresses">What that daemon gave it, each with its prefix.</param>
/// <param name="Found">It was an administrator's: the addresses it had before. Null: it was ours.</param>
internal sealed record FormerBridge(string Name, IReadOnlyList<string> Addresses, IReadOnlyList<string>? Found)
{
    /// <summary>
    /// Whether somebody is on it: a container's endpoint or, on a bridge of ours, a port that is none of ours. What a daemon made ahead goes by itself. Pure.
    /// </summary>
    /// <param name="ports">The links on it.</param>
    /// <param name="owned">The links that endpoints have.</param>
    public bool IsOccupied(IEnumerable<Link> ports, IReadOnlySet<string> owned) =>
        ports.Any(p => owned.Contains(p.Name) || (Found is null && !(p.Kind == "veth" && LinkName.IsOurs(p.Name))));

    /// <summary>
    /// What is to be looked after: those that earlier starts could not take away yet, and the last one's where it has another name now. Pure.
    /// </summary>
    /// <param name="stored">The default bridge's row.</param>
    /// <param name="present">Names of bridges that have a use now.</param>
    public static IReadOnlyList<FormerBridge> Of(NetworkDocument? stored, IReadOnlyCollection<string> present)
    {
        IEnumerable<FormerBridge> last = stored?.Bridge is { } name
            ? [new FormerBridge(name, [.. ((string?[])[stored.Address, stored.Ipv6Address]).OfType<string>()], stored.FoundBridge)]
            : [];
        return [.. (stored?.FormerBridges ?? []).Concat(last).Where(f => !present.Contains(f.Name)).GroupBy(f => f.Name).Select(g => g.Last())];
    }
}
