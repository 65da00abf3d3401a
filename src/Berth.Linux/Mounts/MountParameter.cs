namespace Berth.Linux.Mounts;

/// <summary>One call of fsconfig(2).</summary>
/// <param name="Key">As the file system calls it, e.g. "lowerdir+".</param>
/// <param name="Value">Null for a flag.</param>
/// <param name="IsPath">The value is a path, which may also be given as a descriptor.</param>
public readonly record struct MountParameter(string Key, string? Value = null, bool IsPath = false)
{
    /// <summary>Options as mount(8) takes them: "mode=755,nr_inodes=1k,inode64".</summary>
    public static MountParameter[] Parse(string options)
    {
        string[] parts = options.Split(',', StringSplitOptions.RemoveEmptyEntries);
        var parameters = new MountParameter[parts.Length];
        for (int i = 0; i < parts.Length; i++)
        {
            int equals = parts[i].IndexOf('=', StringComparison.Ordinal);
            parameters[i] = equals < 0 ? new MountParameter(parts[i]) : new MountParameter(parts[i][..equals], parts[i][(equals + 1)..]);
        }

        return parameters;
    }
}
