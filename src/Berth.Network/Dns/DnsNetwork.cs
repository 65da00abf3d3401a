using Berth.Network.Dns.Messages;
using Berth.Network.Dns.Names;

namespace Berth.Network.Dns;

/// <summary>A network as one container on it sees it: everybody's names, and names that only this container has for others (--link).</summary>
internal sealed class DnsNetwork
{
    private readonly Dictionary<string, string>.AlternateLookup<ReadOnlySpan<char>>? _links;

    /// <param name="links">Alias to the target's name on this network. Null or empty: none.</param>
    public DnsNetwork(NetworkNames names, IReadOnlyDictionary<string, string>? links = null)
    {
        Names = names;
        if (links is { Count: > 0 })
        {
            var normal = new Dictionary<string, string>(StringComparer.Ordinal);
            foreach ((string alias, string target) in links)
            {
                if (DomainName.Normal(alias) is { } key && DomainName.Normal(target) is { } value)
                {
                    normal[key] = value;
                }
            }

            _links = normal.GetAlternateLookup<ReadOnlySpan<char>>();
        }
    }

    public NetworkNames Names { get; }

    /// <summary>Who has a name here. An alias hides a container of that name, also while the alias's target is gone, as with Docker.</summary>
    /// <param name="name">As <see cref="DomainName.ToText"/> writes it.</param>
    public bool TryFind(ReadOnlySpan<char> name, out NameAddresses? found)
    {
        found = null;
        return _links is { } links && links.TryGetValue(name, out string? target) ? Names.TryFind(target, out found) : Names.TryFind(name, out found);
    }
}
