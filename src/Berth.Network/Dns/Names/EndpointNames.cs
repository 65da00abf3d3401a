using System.Net;

namespace Berth.Network.Dns.Names;

/// <summary>A container's place on one network, as its neighbours find it.</summary>
/// <param name="EndpointId">Tells it from all others on the network.</param>
/// <param name="Ipv4">Its address; null: none of this family.</param>
/// <param name="Ipv6">Its address; null: none of this family.</param>
/// <param name="Names">The container's name first (it is the one an address is answered with), then short id and aliases. UTF-8, any case.</param>
internal sealed record EndpointNames(string EndpointId, IPAddress? Ipv4, IPAddress? Ipv6, IReadOnlyList<string> Names);
