using System.Text;

namespace Berth.Build.Dockerfile;

/// <summary>The text of a Dockerfile under the name that messages give it.</summary>
public sealed class SourceFile
{
    private SourceFile(string name, string text)
    {
        Name = name;
        Text = text;
        Lines = SplitLines(text);
    }

    public string Name { get; }

    /// <summary>Without a byte order mark.</summary>
    public string Text { get; }

    /// <summary>Each with its line end, as heredocs keep it; the last may have none.</summary>
    internal IReadOnlyList<string> Lines { get; }

    /// <exception cref="DockerfileException">It is larger than <see cref="ParseLimits.FileSize"/>.</exception>
    public static SourceFile FromText(string name, string text)
    {
        if (text.Length > ParseLimits.FileSize)
        {
            throw TooLarge(name);
        }

        return new SourceFile(name, text.StartsWith('\uFEFF') ? text[1..] : text);
    }

    /// <summary>Bytes that are not UTF-8 (old files have Latin-1 names in comments) become U+FFFD.</summary>
    /// <exception cref="DockerfileException">It is larger than <see cref="ParseLimits.FileSize"/>.</exception>
    public static SourceFile FromBytes(string name, ReadOnlySpan<byte> bytes) =>
        bytes.Length > ParseLimits.FileSize ? throw TooLarge(name) : FromText(name, Encoding.UTF8.GetString(bytes));

    /// <summary>The lines around a place, those of the place marked, in BuildKit's layout (solver/errdefs/source.go).</summary>
    public string Excerpt(LineRange place)
    {
        if (place.First < 1 || place.First > Lines.Count)
        {
            return "";
        }

        int lastOfPlace = Math.Clamp(place.Last, place.First, Lines.Count);
        int around = lastOfPlace == place.First ? 2 : 1;
        var text = new StringBuilder().Append(Name).Append(':').Append(place.First).Append("\n--------------------\n");
        for (int line = Math.Max(1, place.First - around); line <= Math.Min(Lines.Count, lastOfPlace + around); line++)
        {
            string mark = line >= place.First && line <= lastOfPlace ? ">>>" : "   ";
            text.Append($" {line,3} | {mark} {Lines[line - 1].TrimEnd('\r', '\n')}\n");
        }

        return text.Append("--------------------\n").ToString();
    }

    private static DockerfileException TooLarge(string name) =>
        DockerfileException.Syntax($"{name} is larger than {ParseLimits.FileSize} bytes, the most a Dockerfile may have");

    private static List<string> SplitLines(string text)
    {
        var lines = new List<string>();
        for (int start = 0; start < text.Length;)
        {
            int end = text.IndexOf('\n', start);
            int next = end < 0 ? text.Length : end + 1;
            lines.Add(text[start..next]);
            start = next;
        }

        return lines;
    }
}
