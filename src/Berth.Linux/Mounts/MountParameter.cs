namespace Berth.Linux.Mounts;

/// <summary>One call of fsconfig(2).</summary>
/// <param name="Key">As the file system calls it, e.g. "lowerdir+".</param>
/// <param name="Value">Null for a flag.</param>
/// <param name="IsPath">The value is a path, which may also be given as a descriptor.</param>
public readonly record struct MountParameter(string Key, string? Value = null, bool IsPath = false);
