namespace Berth.Linux.Cgroups;

/// <summary>One rule of the devices controller.</summary>
/// <param name="Allow">Otherwise it denies.</param>
/// <param name="Type">'a' (both), 'b' or 'c'.</param>
/// <param name="Major">Null is any.</param>
/// <param name="Minor">Null is any.</param>
/// <param name="Access">Letters of "rwm".</param>
public sealed record CgroupDeviceRule(bool Allow, char Type, long? Major, long? Minor, string Access);
