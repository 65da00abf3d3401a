using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Net;

using Berth.Network.Dns.Messages;

namespace Berth.Network.Dns.Names;

/// <summary>
/// Who is on one network: names to addresses and back. Reading takes no lock and allocates nothing; a change costs as much as the names it
/// changes. Safe for concurrent use; a reader sees each name either as before or as after a change.
/// </summary>
internal sealed class NetworkNames
{
    private readonly Lock _changing = new();
    private readonly Dictionary<string, EndpointNames> _endpoints = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, NameAddresses> _names = new(concurrencyLevel: 1, capacity: 31, StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, NameAddresses>.AlternateLookup<ReadOnlySpan<char>> _lookup;
    private readonly ConcurrentDictionary<IPAddress, (EndpointNames Endpoint, string Name)> _reverse = new();
    private readonly string _suffix;

    /// <param name="network">The network's name: containers also have the name "container.network".</param>
    public NetworkNames(string network)
    {
        _lookup = _names.GetAlternateLookup<ReadOnlySpan<char>>();
        _suffix = "." + (DomainName.Normal(network) ?? network);
        Network = network;
    }

    public string Network { get; }

    /// <summary>Makes an endpoint known; one of the same id is replaced. A name that cannot stand in a message is passed over: nobody can ask for it.</summary>
    public void Add(EndpointNames endpoint)
    {
        lock (_changing)
        {
            RemoveLocked(endpoint.EndpointId);
            _endpoints.Add(endpoint.EndpointId, endpoint);
            foreach (string name in Keys(endpoint))
            {
                _names[name] = _names.TryGetValue(name, out NameAddresses? held) ? held.With(endpoint) : NameAddresses.Of(endpoint);
            }

            if (endpoint.Names.Count > 0)
            {
                string own = $"{endpoint.Names[0]}.{Network}";
                foreach (IPAddress address in Addresses(endpoint))
                {
                    _reverse[address] = (endpoint, own);
                }
            }
        }
    }

    /// <returns>False: there is no endpoint of this id.</returns>
    public bool Remove(string endpointId)
    {
        lock (_changing)
        {
            return RemoveLocked(endpointId);
        }
    }

    /// <summary>Who has a name.</summary>
    /// <param name="name">As <see cref="DomainName.ToText"/> writes it: lower case, no dot at the end.</param>
    public bool TryFind(ReadOnlySpan<char> name, [NotNullWhen(true)] out NameAddresses? found) => _lookup.TryGetValue(name, out found);

    /// <summary>Takes ".network" from the end of a name.</summary>
    /// <returns>False: the name does not end so.</returns>
    public bool TryTakeSuffix(ReadOnlySpan<char> name, out ReadOnlySpan<char> rest)
    {
        rest = name.Length > _suffix.Length && name.EndsWith(_suffix, StringComparison.Ordinal) ? name[..^_suffix.Length] : [];
        return !rest.IsEmpty;
    }

    /// <summary>"container.network" of an address; null: nobody here has it.</summary>
    public string? NameOf(IPAddress address) => _reverse.TryGetValue(address, out (EndpointNames, string Name) found) ? found.Name : null;

    private bool RemoveLocked(string endpointId)
    {
        if (!_endpoints.Remove(endpointId, out EndpointNames? endpoint))
        {
            return false;
        }

        foreach (string name in Keys(endpoint))
        {
            if (!_names.TryGetValue(name, out NameAddresses? held))
            {
                continue;
            }

            if (held.Without(endpoint) is { } rest)
            {
                _names[name] = rest;
            }
            else
            {
                _names.TryRemove(name, out _);
            }
        }

        foreach (IPAddress address in Addresses(endpoint))
        {
            // It may be another's by now.
            if (_reverse.TryGetValue(address, out (EndpointNames Endpoint, string) owner) && ReferenceEquals(owner.Endpoint, endpoint))
            {
                _reverse.TryRemove(address, out _);
            }
        }

        return true;
    }

    private static IEnumerable<string> Keys(EndpointNames endpoint) => endpoint.Names.Select(DomainName.Normal).OfType<string>().Distinct(StringComparer.Ordinal);

    private static IEnumerable<IPAddress> Addresses(EndpointNames endpoint) => new[] { endpoint.Ipv4, endpoint.Ipv6 }.OfType<IPAddress>();
}
