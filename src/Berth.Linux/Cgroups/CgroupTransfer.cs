namespace Berth.Linux.Cgroups;

/// <summary>What was read from a block device or written to it.</summary>
/// <param name="Major">Of the device.</param>
/// <param name="Minor">Of the device.</param>
/// <param name="Operation">As the kernel names it: v1 "Read", "Write", "Sync" …, v2 "read", "write".</param>
/// <param name="Value">Bytes or operations.</param>
public sealed record CgroupTransfer(ulong Major, ulong Minor, string Operation, ulong Value);
