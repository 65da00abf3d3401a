using System.Globalization;

namespace Berth.Cli.Specs;

/// <summary>One port or several in a row.</summary>
internal readonly record struct PortRange(int First, int Last)
{
    public int Count => Last - First + 1;

    /// <summary>"80" or "8000-8010"; null when malformed, above 65535 or backwards.</summary>
    public static PortRange? TryParse(string text)
    {
        int dash = text.IndexOf('-', StringComparison.Ordinal);
        int? first = Number(dash < 0 ? text : text[..dash]);
        int? last = dash < 0 ? first : Number(text[(dash + 1)..]);
        return first is int from && last is int to && from <= to ? new PortRange(from, to) : null;
    }

    public IEnumerable<int> Numbers() => Enumerable.Range(First, Count);

    private static int? Number(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number <= 65535 ? number : null;
}
