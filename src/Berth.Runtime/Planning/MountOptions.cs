using Berth.Linux.Interop;

namespace Berth.Runtime.Planning;

/// <summary>The options of one mount of the spec, sorted by what they are for. What no table knows goes to the file system as data.</summary>
internal sealed record MountOptions
{
    private static readonly Dictionary<string, (uint Flag, bool Clear)> Flags = new(StringComparer.Ordinal)
    {
        ["ro"] = (Libc.MS_RDONLY, false), ["rw"] = (Libc.MS_RDONLY, true),
        ["nosuid"] = (Libc.MS_NOSUID, false), ["suid"] = (Libc.MS_NOSUID, true),
        ["nodev"] = (Libc.MS_NODEV, false), ["dev"] = (Libc.MS_NODEV, true),
        ["noexec"] = (Libc.MS_NOEXEC, false), ["exec"] = (Libc.MS_NOEXEC, true),
        ["sync"] = (Libc.MS_SYNCHRONOUS, false), ["async"] = (Libc.MS_SYNCHRONOUS, true),
        ["dirsync"] = (Libc.MS_DIRSYNC, false),
        ["mand"] = (Libc.MS_MANDLOCK, false), ["nomand"] = (Libc.MS_MANDLOCK, true),
        ["noatime"] = (Libc.MS_NOATIME, false), ["atime"] = (Libc.MS_NOATIME, true),
        ["nodiratime"] = (Libc.MS_NODIRATIME, false), ["diratime"] = (Libc.MS_NODIRATIME, true),
        ["relatime"] = (Libc.MS_RELATIME, false), ["norelatime"] = (Libc.MS_RELATIME, true),
        ["strictatime"] = (Libc.MS_STRICTATIME, false), ["nostrictatime"] = (Libc.MS_STRICTATIME, true),
        ["nosymfollow"] = (Libc.MS_NOSYMFOLLOW, false), ["symfollow"] = (Libc.MS_NOSYMFOLLOW, true),
        ["lazytime"] = (Libc.MS_LAZYTIME, false), ["nolazytime"] = (Libc.MS_LAZYTIME, true),
        ["iversion"] = (Libc.MS_I_VERSION, false), ["noiversion"] = (Libc.MS_I_VERSION, true),
        ["silent"] = (Libc.MS_SILENT, false), ["loud"] = (Libc.MS_SILENT, true),
    };

    private static readonly (uint Flag, uint Attribute)[] Attributes =
    [
        (Libc.MS_RDONLY, Libc.MOUNT_ATTR_RDONLY), (Libc.MS_NOSUID, Libc.MOUNT_ATTR_NOSUID), (Libc.MS_NODEV, Libc.MOUNT_ATTR_NODEV),
        (Libc.MS_NOEXEC, Libc.MOUNT_ATTR_NOEXEC), (Libc.MS_NODIRATIME, Libc.MOUNT_ATTR_NODIRATIME), (Libc.MS_NOSYMFOLLOW, Libc.MOUNT_ATTR_NOSYMFOLLOW),
    ];

    /// <summary>MS_* to set.</summary>
    public uint Set { get; private set; }

    /// <summary>MS_* to clear: of use to bind mounts, which start with their source's.</summary>
    public uint Cleared { get; private set; }

    /// <summary>MS_* of the options that go down the whole tree ("rro").</summary>
    public uint RecursiveSet { get; private set; }

    public uint RecursiveCleared { get; private set; }

    public bool Bind { get; private set; }

    public bool Recursive { get; private set; }

    public (uint Propagation, bool Recursive)? Propagation { get; private set; }

    /// <summary>A tmpfs starts with a copy of what it hides.</summary>
    public bool CopyUp { get; private set; }

    /// <summary>Comma-separated, for the file system itself.</summary>
    public string Data { get; private set; } = "";

    public static MountOptions Parse(IReadOnlyList<string>? options, string member)
    {
        var parsed = new MountOptions();
        foreach (string option in options ?? [])
        {
            parsed.Add(option, member);
        }

        return parsed;
    }

    /// <summary>"rslave" and the like; null for other words.</summary>
    public static (uint Propagation, bool Recursive)? PropagationOf(string option) => option switch
    {
        "private" => (Libc.MS_PRIVATE, false), "rprivate" => (Libc.MS_PRIVATE, true),
        "slave" => (Libc.MS_SLAVE, false), "rslave" => (Libc.MS_SLAVE, true),
        "shared" => (Libc.MS_SHARED, false), "rshared" => (Libc.MS_SHARED, true),
        "unbindable" => (Libc.MS_UNBINDABLE, false), "runbindable" => (Libc.MS_UNBINDABLE, true),
        _ => null,
    };

    /// <summary>Mount flags as MOUNT_ATTR_* to set and to clear.</summary>
    public static (uint Set, uint Clear) AttributesOf(uint set, uint cleared)
    {
        uint on = 0, off = 0;
        foreach ((uint flag, uint attribute) in Attributes)
        {
            on |= (set & flag) != 0 ? attribute : 0;
            off |= (cleared & ~set & flag) != 0 ? attribute : 0;
        }

        // The access-time attributes are one field, not bits: it is cleared as a whole before it is set (mount_setattr(2)).
        const uint times = Libc.MS_NOATIME | Libc.MS_RELATIME | Libc.MS_STRICTATIME;
        if (((set | cleared) & times) != 0)
        {
            off |= Libc.MOUNT_ATTR__ATIME;
            on |= (set & Libc.MS_NOATIME) != 0 ? Libc.MOUNT_ATTR_NOATIME : (set & Libc.MS_STRICTATIME) != 0 ? Libc.MOUNT_ATTR_STRICTATIME : 0;
        }

        return (on, off);
    }

    private void Add(string option, string member)
    {
        if (Flags.TryGetValue(option, out (uint Flag, bool Clear) known))
        {
            (Set, Cleared) = Change(Set, Cleared, known);
        }
        else if (option.Length > 1 && option[0] == 'r' && Flags.TryGetValue(option[1..], out known))
        {
            (RecursiveSet, RecursiveCleared) = Change(RecursiveSet, RecursiveCleared, known);
        }
        else if (PropagationOf(option) is { } propagation)
        {
            Propagation = propagation;
        }
        else if (option is "bind" or "rbind")
        {
            Bind = true;
            Recursive |= option == "rbind";
        }
        else if (option is "tmpcopyup" or "copy-up")
        {
            CopyUp = true;
        }
        else if (option is "idmap" or "ridmap" or "remount")
        {
            throw ContainerPlanning.Refusal($"{member}.options", $"has \"{option}\", which this runtime does not do");
        }
        else if (option is not ("defaults" or ""))
        {
            Data = Data.Length == 0 ? option : $"{Data},{option}";
        }
    }

    // The last word on a flag wins.
    private static (uint, uint) Change(uint set, uint cleared, (uint Flag, bool Clear) change) =>
        change.Clear ? (set & ~change.Flag, cleared | change.Flag) : (set | change.Flag, cleared & ~change.Flag);
}
