using System.Text;

using Berth.Linux.Trees;

namespace Berth.Storage.Tar;

/// <summary>One entry of an archive, whichever dialect it was written in. Names are bytes: archives hold any.</summary>
public sealed record TarEntry
{
    public TarEntryType Type { get; init; }

    /// <summary>As it stands in the archive; not cleaned.</summary>
    public byte[] Name { get; init; } = [];

    /// <summary>Target of a hard link or symlink.</summary>
    public byte[] LinkName { get; init; } = [];

    /// <summary>Permission bits, setuid, setgid, sticky.</summary>
    public uint Mode { get; init; }

    public long Uid { get; init; }

    public long Gid { get; init; }

    public string UserName { get; init; } = "";

    public string GroupName { get; init; } = "";

    /// <summary>The file's length in bytes, holes included.</summary>
    public long Size { get; init; }

    /// <summary>Modification time, seconds since 1970.</summary>
    public long Seconds { get; init; }

    public uint Nanoseconds { get; init; }

    public uint DeviceMajor { get; init; }

    public uint DeviceMinor { get; init; }

    public IReadOnlyList<TreeXattr> Xattrs { get; init; } = [];

    /// <summary>The pieces of a sparse file; null for any other.</summary>
    public IReadOnlyList<TarSparsePiece>? Sparse { get; init; }

    /// <summary>The name for messages.</summary>
    public string ShownName => Encoding.UTF8.GetString(Name);
}
