using System.Collections.Frozen;

using Berth.Api;
using Berth.Linux.Processes;
using Berth.Oci.Runtime;
using Berth.Storage;

namespace Berth.Engine.Spec;

/// <summary>--ulimit.</summary>
public static class Ulimits
{
    private static readonly FrozenSet<string> Names = new[]
    {
        "core", "cpu", "data", "fsize", "locks", "memlock", "msgqueue", "nice", "nofile", "nproc", "rss", "rtprio", "rttime", "sigpending", "stack",
    }.ToFrozenSet();

    /// <param name="ulimits">Those asked for.</param>
    /// <param name="openFiles">The limit of open files without one asked for; null: the monitor's.</param>
    /// <exception cref="EngineException">Invalid: no such limit, or a soft one above the hard one.</exception>
    public static IReadOnlyList<Rlimit> Of(IReadOnlyList<HostConfigUlimit>? ulimits, OpenFileLimit? openFiles = null)
    {
        var limits = new List<Rlimit>();
        foreach (HostConfigUlimit ulimit in ulimits ?? [])
        {
            string name = ulimit.Name ?? "";
            long soft = ulimit.Soft ?? 0, hard = ulimit.Hard ?? 0;
            if (!Names.Contains(name))
            {
                throw EngineException.Invalid($"invalid ulimit type: {name}");
            }

            if (hard >= 0 && (soft > hard || soft < 0))
            {
                throw EngineException.Invalid($"ulimit soft limit must be less than or equal to hard limit: {soft} > {hard}");
            }

            // -1 is RLIM_INFINITY.
            limits.Add(new Rlimit { Type = $"RLIMIT_{name.ToUpperInvariant()}", Soft = (ulong)soft, Hard = (ulong)hard });
        }

        if (openFiles is { } usual && !limits.Exists(l => l.Type == "RLIMIT_NOFILE"))
        {
            limits.Add(new Rlimit { Type = "RLIMIT_NOFILE", Soft = usual.Soft, Hard = usual.Hard });
        }

        return limits;
    }
}
