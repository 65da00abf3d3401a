namespace Berth.Architecture.Tests;

/// <summary>The source tree these tests were built from.</summary>
internal static class Checkout
{
    public static string Root { get; } = Find(AppContext.BaseDirectory);

    public static IEnumerable<string> Sources() =>
        Directory.GetFiles(Path.Combine(Root, "src"), "*.cs", SearchOption.AllDirectories)
            .Where(f => !f.Contains("/obj/", StringComparison.Ordinal) && !f.Contains("/bin/", StringComparison.Ordinal));

    private static string Find(string folder) =>
        File.Exists(Path.Combine(folder, "Berth.slnx")) ? folder : Find(Path.GetDirectoryName(folder)!);
}
