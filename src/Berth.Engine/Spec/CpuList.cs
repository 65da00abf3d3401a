using System.Globalization;

using Berth.Storage;

namespace Berth.Engine.Spec;

/// <summary>Lists such as "0-2,7" (cpuset(7), "List format").</summary>
public static class CpuList
{
    // More than any kernel numbers; keeps "0-4000000000" from being spelled out.
    private const int Highest = 8192;

    /// <summary>The numbers of a list, or null where it is malformed.</summary>
    public static IReadOnlySet<int>? Parse(string text)
    {
        var numbers = new SortedSet<int>();
        foreach (string part in text.Split(','))
        {
            string[] ends = part.Trim().Split('-');
            if (ends.Length > 2 || Number(ends[0]) is not { } first || Number(ends[^1]) is not { } last || last < first)
            {
                return null;
            }

            for (int i = first; i <= last; i++)
            {
                numbers.Add(i);
            }
        }

        return numbers;
    }

    /// <exception cref="EngineException">Invalid: malformed, or numbers that are not there.</exception>
    internal static void Check(string option, string what, string? asked, string available)
    {
        if (string.IsNullOrEmpty(asked))
        {
            return;
        }

        IReadOnlySet<int> wanted = Parse(asked) ?? throw EngineException.Invalid($"Invalid value {asked} for cpuset {option}");
        if (!wanted.IsSubsetOf(Parse(available) ?? new HashSet<int>()))
        {
            throw EngineException.Invalid($"Requested {what} are not available - requested {asked}, available: {available}");
        }
    }

    private static int? Number(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number <= Highest ? number : null;
}
