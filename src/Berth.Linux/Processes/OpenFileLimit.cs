using Berth.Linux.Interop;

namespace Berth.Linux.Processes;

/// <summary>How many descriptors a process may have: RLIMIT_NOFILE, getrlimit(2).</summary>
/// <param name="Soft">One more than the highest number.</param>
/// <param name="Hard">How far the soft one may be raised.</param>
public readonly record struct OpenFileLimit(ulong Soft, ulong Hard)
{
    /// <summary>This process's.</summary>
    public static unsafe OpenFileLimit Current()
    {
        Libc.rlimit64 limit;
        return Libc.prlimit64(0, Libc.RLIMIT_NOFILE, null, &limit) == 0
            ? new OpenFileLimit(limit.rlim_cur, limit.rlim_max)
            : throw LinuxException.Last("prlimit64", "RLIMIT_NOFILE");
    }

    /// <summary>Raises this process's soft limit to the hard one, which everybody may do.</summary>
    /// <returns>What it was before: children that are to have that need it set.</returns>
    public static unsafe OpenFileLimit Raise()
    {
        OpenFileLimit before = Current();
        var limit = new Libc.rlimit64 { rlim_cur = before.Hard, rlim_max = before.Hard };
        return before.Soft == before.Hard || Libc.prlimit64(0, Libc.RLIMIT_NOFILE, &limit, null) == 0
            ? before
            : throw LinuxException.Last("prlimit64", $"RLIMIT_NOFILE {before.Hard}");
    }
}
