using System.Collections.Frozen;

using Berth.Storage;

namespace Berth.Engine.Processes;

/// <summary>Which columns of ps(1) somebody asks for. Each is a title and what it shows of a process.</summary>
internal sealed record ProcessColumns(IReadOnlyList<ProcessColumn> Columns)
{
    private static readonly FrozenDictionary<string, ProcessColumn> ByName = All().ToFrozenDictionary(c => c.Name, c => c.Column);

    // -e, -A, a, x choose processes: here they are always all of the container's.
    private static readonly string[] Selections = ["-e", "-A", "-a", "a", "x", "ax", "-ax"];

    /// <summary>Reads the arguments of `top`: the formats -f, -F-less full, aux, and -o lists.</summary>
    /// <exception cref="EngineException">NotImplemented: an argument that is not known here. Invalid: no pid column, or no such column.</exception>
    public static ProcessColumns Parse(string arguments)
    {
        List<string> formats = [];
        string[] words = arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        for (int i = 0; i < words.Length; i++)
        {
            string word = words[i];
            if (word is "-o" or "o" or "-eo" or "-Ao" or "axo" or "-axo" or "--format")
            {
                formats.Add(++i < words.Length ? words[i] : throw EngineException.Invalid("ps: error: improper list"));
            }
            else if (word.StartsWith("-o", StringComparison.Ordinal) || word.StartsWith("--format=", StringComparison.Ordinal))
            {
                formats.Add(word[(word[1] == '-' ? "--format=".Length : 2)..]);
            }
            else if (!Selections.Contains(word))
            {
                formats.Add(Known(word) ?? throw EngineException.NotImplemented(
                    $"ps argument \"{word}\" is not supported: use -ef, aux or -o with a list of {string.Join(", ", ByName.Keys.Order())}"));
            }
        }

        return Of(formats.Count > 0 ? string.Join(',', formats) : "pid,tty,time,comm");
    }

    private static string? Known(string word) => word switch
    {
        "-ef" or "-f" or "-Af" or "-fe" => "uid,pid,ppid,c,stime,tty,time,cmd",
        "aux" or "-aux" or "u" or "ux" or "au" => "user,pid,%cpu,%mem,vsz,rss,tt,stat,start,bsdtime,command",
        _ => null,
    };

    private static ProcessColumns Of(string list)
    {
        var columns = new List<ProcessColumn>();
        foreach (string item in list.Split(',', StringSplitOptions.RemoveEmptyEntries))
        {
            // "pid=ID" gives a title of one's own; Docker refuses to rename others to PID.
            string[] parts = item.Split('=', 2);
            ProcessColumn column = ByName.GetValueOrDefault(parts[0]) ?? throw EngineException.Invalid($"ps: error: unknown user-defined format specifier \"{parts[0]}\"");
            if (parts.Length == 2 && parts[0] != "pid" && parts[1].StartsWith("PID", StringComparison.Ordinal))
            {
                throw EngineException.Invalid($"specifying \"{item}\" is not allowed");
            }

            columns.Add(parts.Length == 2 ? column with { Title = parts[1] } : column);
        }

        return columns.Exists(c => c.Title == "PID") ? new ProcessColumns(columns) : throw EngineException.Invalid("Couldn't find PID field in ps output");
    }

    private static IEnumerable<(string Name, ProcessColumn Column)> All()
    {
        yield return ("uid", new("UID", p => p.User));
        yield return ("user", new("USER", p => p.User));
        yield return ("euser", new("EUSER", p => p.User));
        yield return ("euid", new("EUID", p => $"{p.Uid}"));
        yield return ("group", new("GROUP", p => p.Group));
        yield return ("gid", new("GID", p => $"{p.Gid}"));
        yield return ("pid", new("PID", p => $"{p.Pid}"));
        yield return ("ppid", new("PPID", p => $"{p.ParentPid}"));
        yield return ("pgid", new("PGID", p => $"{p.ProcessGroup}"));
        yield return ("sid", new("SID", p => $"{p.Session}"));
        yield return ("c", new("C", p => $"{(int)Math.Min(99, p.CpuPercent)}"));
        yield return ("%cpu", new("%CPU", p => ProcessText.Percent(p.CpuPercent)));
        yield return ("pcpu", new("%CPU", p => ProcessText.Percent(p.CpuPercent)));
        yield return ("%mem", new("%MEM", p => ProcessText.Percent(p.MemoryPercent)));
        yield return ("pmem", new("%MEM", p => ProcessText.Percent(p.MemoryPercent)));
        yield return ("vsz", new("VSZ", p => $"{p.VirtualKib}"));
        yield return ("rss", new("RSS", p => $"{p.ResidentKib}"));
        yield return ("stime", new("STIME", p => ProcessText.StartTime(p.Started, DateTimeOffset.Now)));
        yield return ("start", new("START", p => ProcessText.StartTime(p.Started, DateTimeOffset.Now)));
        yield return ("etime", new("ELAPSED", p => ProcessText.Elapsed(DateTimeOffset.UtcNow - p.Started)));
        yield return ("tty", new("TTY", p => p.Tty));
        yield return ("tt", new("TT", p => p.Tty));
        yield return ("time", new("TIME", p => ProcessText.CpuTime(p.CpuTime)));
        yield return ("bsdtime", new("TIME", p => ProcessText.ShortCpuTime(p.CpuTime)));
        yield return ("stat", new("STAT", p => p.State));
        yield return ("s", new("S", p => p.State[..1]));
        yield return ("state", new("S", p => p.State[..1]));
        yield return ("ni", new("NI", p => $"{p.Nice}"));
        yield return ("nlwp", new("NLWP", p => $"{p.Threads}"));
        yield return ("comm", new("COMMAND", p => p.Name));
        yield return ("cmd", new("CMD", p => p.Command));
        yield return ("args", new("COMMAND", p => p.Command));
        yield return ("command", new("COMMAND", p => p.Command));
    }
}
