using System.Globalization;

namespace Berth.Linux.Cgroups;

/// <summary>The forms in which the kernel writes counters.</summary>
internal static class CgroupCounters
{
    /// <summary>"key value" lines; lines of another form are passed over.</summary>
    public static Dictionary<string, ulong> Keyed(string? text)
    {
        var found = new Dictionary<string, ulong>(StringComparer.Ordinal);
        foreach (string line in (text ?? "").Split('\n'))
        {
            int space = line.IndexOf(' ', StringComparison.Ordinal);
            if (space > 0 && ulong.TryParse(line.AsSpan(space + 1), NumberStyles.None, CultureInfo.InvariantCulture, out ulong value))
            {
                found[line[..space]] = value;
            }
        }

        return found;
    }

    /// <summary>A file of one number; null where there is none. "max" is the largest.</summary>
    public static ulong? Single(string? text) => text?.Trim() switch
    {
        "max" => ulong.MaxValue,
        string number when ulong.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out ulong value) => value,
        _ => null,
    };

    /// <summary>The two numbers of "MAJOR:MINOR".</summary>
    public static bool TryDevice(string text, out ulong major, out ulong minor)
    {
        int colon = text.IndexOf(':', StringComparison.Ordinal);
        minor = 0;
        return ulong.TryParse(text.AsSpan(0, Math.Max(0, colon)), NumberStyles.None, CultureInfo.InvariantCulture, out major)
            && ulong.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out minor);
    }
}
