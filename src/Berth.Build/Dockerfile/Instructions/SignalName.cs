using System.Globalization;

namespace Berth.Build.Dockerfile.Instructions;

/// <summary>Signals as STOPSIGNAL takes them (signal(7); moby/sys/signal): a number above 0 or a name, with or without SIG, in any case.</summary>
internal static class SignalName
{
    private const int MostRealTime = 30;

    private static readonly HashSet<string> Names = new(StringComparer.OrdinalIgnoreCase)
    {
        "ABRT", "ALRM", "BUS", "CHLD", "CLD", "CONT", "FPE", "HUP", "ILL", "INT", "IO", "IOT", "KILL", "PIPE", "POLL", "PROF", "PWR", "QUIT", "SEGV",
        "STKFLT", "STOP", "SYS", "TERM", "TRAP", "TSTP", "TTIN", "TTOU", "URG", "USR1", "USR2", "VTALRM", "WINCH", "XCPU", "XFSZ", "RTMIN", "RTMAX",
    };

    public static bool IsKnown(string text)
    {
        if (int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int number))
        {
            return number > 0;
        }

        string name = text.StartsWith("SIG", StringComparison.OrdinalIgnoreCase) ? text[3..] : text;
        return Names.Contains(name) || IsRealTime(name, "RTMIN+", MostRealTime / 2) || IsRealTime(name, "RTMAX-", (MostRealTime / 2) - 1);
    }

    // RTMIN+1 to RTMIN+15, RTMAX-14 to RTMAX-1.
    private static bool IsRealTime(string name, string prefix, int most) =>
        name.StartsWith(prefix, StringComparison.OrdinalIgnoreCase)
        && int.TryParse(name.AsSpan(prefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out int offset) && offset >= 1 && offset <= most;
}
