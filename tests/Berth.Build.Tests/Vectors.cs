using System.Reflection;

namespace Berth.Build.Tests;

/// <summary>Other people's test data (Vectors/README.md).</summary>
internal static class Vectors
{
    public static string Text(string name)
    {
        using Stream stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(name) ?? throw new FileNotFoundException(name);
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }

    /// <summary>The lines, cut at tabs.</summary>
    public static IEnumerable<string[]> Lines(string name) => Text(name).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split('\t'));

    public static IEnumerable<string> Names(string ending) => Assembly.GetExecutingAssembly().GetManifestResourceNames()
        .Where(n => n.EndsWith(ending, StringComparison.Ordinal)).Select(n => n[..^ending.Length]);
}
