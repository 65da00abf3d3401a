namespace Berth.Network.Dns.Egress;

/// <summary>The allow list of a container and those who carry it out.</summary>
/// <param name="Allow">
/// Opens the firewall to the addresses of an allowed name. The answer is sent when it is done, so that the container's first packet passes; if it fails the
/// container gets SERVFAIL.
/// </param>
/// <param name="Blocked">Reports a name that was not allowed; at most <see cref="ReportLimit"/> lets through. May not block and may not throw.</param>
internal sealed record EgressRule(EgressPolicy Policy, Func<EgressGrant, CancellationToken, ValueTask> Allow, Action<EgressRefusal> Blocked);
