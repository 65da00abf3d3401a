using System.Globalization;

namespace Berth.Linux.Processes;

/// <summary>Signals by name, as kill(1) takes them: TERM, SIGTERM, 15, SIGRTMIN+3. Numbers of x86-64 and arm64. signal(7).</summary>
public static class SignalName
{
    private static readonly string[] Names =
    [
        "HUP", "INT", "QUIT", "ILL", "TRAP", "ABRT", "BUS", "FPE", "KILL", "USR1", "SEGV", "USR2", "PIPE", "ALRM", "TERM", "STKFLT", "CHLD",
        "CONT", "STOP", "TSTP", "TTIN", "TTOU", "URG", "XCPU", "XFSZ", "VTALRM", "PROF", "WINCH", "IO", "PWR", "SYS",
    ];

    private const int RealtimeFirst = 34, RealtimeLast = 64;

    /// <summary>The number, or null for a name or number that is none.</summary>
    public static int? Parse(string text)
    {
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number))
        {
            return number is > 0 and <= RealtimeLast ? number : null;
        }

        string name = text.ToUpperInvariant();
        name = name.StartsWith("SIG", StringComparison.Ordinal) ? name[3..] : name;
        int at = Array.IndexOf(Names, name switch { "IOT" => "ABRT", "POLL" => "IO", "CLD" => "CHLD", _ => name });
        if (at >= 0)
        {
            return at + 1;
        }

        return name.StartsWith("RTMIN", StringComparison.Ordinal) ? Realtime(RealtimeFirst, name[5..])
            : name.StartsWith("RTMAX", StringComparison.Ordinal) ? Realtime(RealtimeLast, name[5..]) : null;
    }

    private static int? Realtime(int from, string offset)
    {
        if (offset.Length == 0)
        {
            return from;
        }

        return int.TryParse(offset, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int difference)
            && from + difference is >= RealtimeFirst and <= RealtimeLast ? from + difference : null;
    }
}
