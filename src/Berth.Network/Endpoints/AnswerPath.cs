using System.Net;

namespace Berth.Network.Endpoints;

/// <summary>
/// The way back of answers from a place that published ports lead to, where another network leads out of the container (a macvlan one, or one of the other family):
/// by the default route they would leave with an address that the client never asked, or past the host's translation. What is sent from the place's address goes
/// by its own gateway. Servers of UDP that do not answer from the address that was asked (bound to 0.0.0.0, without IP_PKTINFO) are beyond that.
/// </summary>
/// <param name="Source">The place's address.</param>
/// <param name="Interface">Its interface.</param>
/// <param name="PrefixLength">Of its subnet, which is reached directly.</param>
/// <param name="Gateway">Its gateway.</param>
internal sealed record AnswerPath(IPAddress Source, string Interface, int PrefixLength, IPAddress Gateway)
{
    /// <param name="out">What leads out of the container.</param>
    /// <param name="published">The place that its ports lead to; null: none.</param>
    public static IEnumerable<AnswerPath> Of(GatewayChoice @out, Endpoint? published)
    {
        if (published is { Address: { } four, Gateway: { } gateway } && @out.Ipv4?.Id != published.Id)
        {
            yield return new AnswerPath(four, published.Interface, published.PrefixLength, gateway);
        }

        if (published is { Ipv6Address: { } six, Ipv6Gateway: { } gateway6 } && @out.Ipv6?.Id != published.Id)
        {
            yield return new AnswerPath(six, published.Interface, published.Ipv6PrefixLength, gateway6);
        }
    }
}
