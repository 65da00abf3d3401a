using System.Globalization;
using System.Text;

namespace Berth.Build.Dockerfile;

/// <summary>Go's %q, which is how BuildKit's messages show a value.</summary>
internal static class GoQuote
{
    // A message is for reading: the rest of a longer value would hide its reason.
    private const int LongestShown = 400;

    public static string Quote(string value)
    {
        string shown = value.Length > LongestShown ? value[..LongestShown] + "..." : value;
        var text = new StringBuilder("\"");
        foreach (char c in shown)
        {
            text.Append(c switch
            {
                '"' => "\\\"",
                '\\' => "\\\\",
                '\n' => "\\n",
                '\r' => "\\r",
                '\t' => "\\t",
                < ' ' or '\x7f' => "\\x" + ((int)c).ToString("x2", CultureInfo.InvariantCulture),
                _ => c.ToString(),
            });
        }

        return text.Append('"').ToString();
    }
}
