using System.Collections.Frozen;
using System.Globalization;

using Berth.Storage;

namespace Berth.Engine.Containers;

/// <summary>Signals by name, as on every Linux that Berth runs on (asm-generic/signal.h).</summary>
public static class Signals
{
    public const int SIGHUP = 1, SIGINT = 2, SIGQUIT = 3, SIGKILL = 9, SIGTERM = 15;

    // glibc keeps 32 and 33 for itself, so SIGRTMIN is 34.
    private const int RealTimeFirst = 34, RealTimeLast = 64;

    private static readonly FrozenDictionary<string, int> ByName = new Dictionary<string, int>
    {
        ["HUP"] = 1, ["INT"] = 2, ["QUIT"] = 3, ["ILL"] = 4, ["TRAP"] = 5, ["ABRT"] = 6, ["IOT"] = 6, ["BUS"] = 7, ["FPE"] = 8, ["KILL"] = 9,
        ["USR1"] = 10, ["SEGV"] = 11, ["USR2"] = 12, ["PIPE"] = 13, ["ALRM"] = 14, ["TERM"] = 15, ["STKFLT"] = 16, ["CHLD"] = 17, ["CLD"] = 17,
        ["CONT"] = 18, ["STOP"] = 19, ["TSTP"] = 20, ["TTIN"] = 21, ["TTOU"] = 22, ["URG"] = 23, ["XCPU"] = 24, ["XFSZ"] = 25, ["VTALRM"] = 26,
        ["PROF"] = 27, ["WINCH"] = 28, ["IO"] = 29, ["POLL"] = 29, ["PWR"] = 30, ["SYS"] = 31, ["UNUSED"] = 31,
        ["RTMIN"] = RealTimeFirst, ["RTMAX"] = RealTimeLast,
    }.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    /// <summary>Reads a number, or a name with or without SIG, also RTMIN+n and RTMAX-n.</summary>
    /// <exception cref="EngineException">Invalid: no such signal.</exception>
    public static int Parse(string text)
    {
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number))
        {
            return number is > 0 and <= RealTimeLast ? number : throw Unknown(text);
        }

        string name = text.StartsWith("SIG", StringComparison.OrdinalIgnoreCase) ? text[3..] : text;
        if (ByName.TryGetValue(name, out int known))
        {
            return known;
        }

        return RealTime(name, "RTMIN+", RealTimeFirst, 1) ?? RealTime(name, "RTMAX-", RealTimeLast, -1) ?? throw Unknown(text);
    }

    private static int? RealTime(string name, string prefix, int origin, int direction) =>
        name.StartsWith(prefix, StringComparison.OrdinalIgnoreCase)
        && int.TryParse(name.AsSpan(prefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out int offset)
        && offset <= RealTimeLast - RealTimeFirst
            ? origin + (direction * offset)
            : null;

    private static EngineException Unknown(string text) => EngineException.Invalid($"invalid signal: {text}");
}
