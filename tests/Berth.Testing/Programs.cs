namespace Berth.Testing;

/// <summary>The published programs: in $BERTH_BIN, or in artifacts/bin of the source tree.</summary>
public static class Programs
{
    public static string Folder { get; } = Environment.GetEnvironmentVariable("BERTH_BIN") ?? Path.Join(Checkout, "artifacts", "bin");

    public static string Berthd => Find("berthd");

    public static string Runtime => Find("berth-runtime");

    public static string Berth => Find("berth");

    /// <summary>The source tree that the tests were built from.</summary>
    public static string Checkout => Above(AppContext.BaseDirectory);

    private static string Find(string name)
    {
        string path = Path.Join(Folder, name);
        return File.Exists(path) ? path : throw new FileNotFoundException($"{path} is missing: run build/publish artifacts/bin, or set BERTH_BIN");
    }

    private static string Above(string folder) =>
        File.Exists(Path.Join(folder, "Berth.slnx")) ? folder : Above(Path.GetDirectoryName(folder) ?? throw new DirectoryNotFoundException("no source tree above the tests"));
}
