namespace Berth.Network;

/// <summary>A container that an earlier daemon started and that lives on.</summary>
/// <param name="Id">The container's.</param>
/// <param name="NamespacePath">Its network namespace: /proc/PID/ns/net.</param>
/// <param name="Dns">How names are answered to it.</param>
public sealed record LiveContainer(string Id, string NamespacePath, DnsSettings Dns);
