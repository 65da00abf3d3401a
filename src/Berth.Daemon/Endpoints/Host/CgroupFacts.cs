namespace Berth.Daemon.Endpoints.Host;

/// <summary>Which controllers this host has.</summary>
internal sealed record CgroupFacts(bool IsUnified, IReadOnlySet<string> Controllers, bool LimitsSwap)
{
    private const string Root = "/sys/fs/cgroup";

    public static CgroupFacts Read()
    {
        string unified = $"{Root}/cgroup.controllers";
        return File.Exists(unified)
            ? new CgroupFacts(true, File.ReadAllText(unified).Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries).ToHashSet(), true)
            : new CgroupFacts(false, ParseVersion1(File.ReadLines("/proc/cgroups")), File.Exists($"{Root}/memory/memory.memsw.limit_in_bytes"));
    }

    public bool Has(string controller) => Controllers.Contains(controller);

    /// <summary>As Docker words them; null: none.</summary>
    public IReadOnlyList<string>? Warnings()
    {
        var warnings = new List<string>();
        Warn(warnings, Has("memory"), "memory");
        Warn(warnings, LimitsSwap, "swap");
        Warn(warnings, Has("cpuset"), "cpuset");
        Warn(warnings, Has("pids"), "pids");
        return warnings.Count == 0 ? null : warnings;
    }

    /// <summary>Reads /proc/cgroups: name, hierarchy, number of cgroups, enabled.</summary>
    internal static HashSet<string> ParseVersion1(IEnumerable<string> lines) =>
        [.. lines.Where(static l => !l.StartsWith('#')).Select(static l => l.Split('\t')).Where(static f => f is [_, not "0", _, "1"]).Select(static f => f[0])];

    private static void Warn(List<string> warnings, bool has, string what)
    {
        if (!has)
        {
            warnings.Add($"WARNING: No {what} limit support");
        }
    }
}
