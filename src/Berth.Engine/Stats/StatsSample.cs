using Berth.Linux.Cgroups;
using Berth.Linux.Netlink;

namespace Berth.Engine.Stats;

/// <summary>What was read of a running container at one moment.</summary>
/// <param name="Taken">When.</param>
/// <param name="Used">Of its cgroup.</param>
/// <param name="Host">Of the whole host, a moment after it.</param>
/// <param name="Interfaces">Of its own interfaces; empty where it has none.</param>
internal sealed record StatsSample(DateTimeOffset Taken, CgroupStatistics Used, HostCpu Host, IReadOnlyList<LinkStatistics> Interfaces);
