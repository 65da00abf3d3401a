using System.Collections.Frozen;

using Berth.Storage;

namespace Berth.Engine.Spec;

/// <summary>--tmpfs DESTINATION:OPTIONS over the defaults noexec, nosuid, nodev.</summary>
public static class TmpfsOptions
{
    // Each flag and its opposite share a key: of two, the later one holds.
    private static readonly FrozenDictionary<string, string> Flags = new Dictionary<string, string>
    {
        ["ro"] = "ro", ["rw"] = "ro", ["exec"] = "exec", ["noexec"] = "exec", ["suid"] = "suid", ["nosuid"] = "suid", ["dev"] = "dev", ["nodev"] = "dev",
        ["sync"] = "sync", ["async"] = "sync", ["atime"] = "atime", ["noatime"] = "atime", ["diratime"] = "diratime", ["nodiratime"] = "diratime",
        ["relatime"] = "relatime", ["norelatime"] = "relatime", ["strictatime"] = "strictatime", ["nostrictatime"] = "strictatime",
        ["bind"] = "bind", ["rbind"] = "bind", ["private"] = "private", ["rprivate"] = "private", ["shared"] = "private", ["rshared"] = "private",
        ["slave"] = "private", ["rslave"] = "private", ["unbindable"] = "private", ["runbindable"] = "private", ["defaults"] = "defaults",
    }.ToFrozenDictionary();

    private static readonly FrozenSet<string> Data = new[] { "size", "mode", "uid", "gid", "nr_inodes", "nr_blocks", "mpol" }.ToFrozenSet();

    /// <exception cref="EngineException">Invalid: an option that tmpfs does not have.</exception>
    public static IReadOnlyList<string> Merge(string options)
    {
        List<string> all = ["noexec", "nosuid", "nodev", "rprivate", .. options.Split(',', StringSplitOptions.RemoveEmptyEntries)];
        var seen = new HashSet<string>();
        var merged = new List<string>();
        for (int i = all.Count - 1; i >= 0; i--)
        {
            string key = all[i].Split('=', 2)[0];
            string? group = all[i].Contains('=', StringComparison.Ordinal) ? (Data.Contains(key) ? key : null) : Flags.GetValueOrDefault(key);
            if (group is null)
            {
                throw EngineException.Invalid($"invalid tmpfs option [\"{all[i]}\"]");
            }

            if (seen.Add(group))
            {
                merged.Insert(0, all[i]);
            }
        }

        return merged;
    }
}
