using System.Net;

namespace Berth.Network.Dns.Egress;

/// <summary>An address that a container may reach, and for how long: from now on, even if it is allowed already.</summary>
/// <param name="Lifetime">Between <see cref="EgressAnswer.ShortestLifetime"/> and <see cref="EgressAnswer.LongestLifetime"/>: never none.</param>
internal readonly record struct EgressAddress(IPAddress Address, TimeSpan Lifetime);
