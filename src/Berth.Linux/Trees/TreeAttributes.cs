namespace Berth.Linux.Trees;

/// <summary>What an entry has beside its content.</summary>
/// <param name="Mode">Permission bits with setuid, setgid and sticky; no type.</param>
/// <param name="Uid">Owner.</param>
/// <param name="Gid">Group.</param>
/// <param name="Seconds">Modification time since 1970; may be negative.</param>
/// <param name="Nanoseconds">Its fraction.</param>
/// <param name="Xattrs">Empty for none.</param>
public sealed record TreeAttributes(uint Mode, uint Uid, uint Gid, long Seconds, uint Nanoseconds, IReadOnlyList<TreeXattr> Xattrs)
{
    /// <summary>For a folder that an archive implies and does not list.</summary>
    public static TreeAttributes Implied { get; } = new(0x1ED /* 0755 */, 0, 0, 0, 0, []);
}
