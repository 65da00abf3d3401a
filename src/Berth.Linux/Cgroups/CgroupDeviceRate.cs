namespace Berth.Linux.Cgroups;

/// <summary>A weight or rate of one block device. Kind is weight, leaf_weight, rbps, wbps, riops or wiops.</summary>
public sealed record CgroupDeviceRate(string Kind, long Major, long Minor, ulong Value);
