using System.Runtime.CompilerServices;

namespace Berth.Cli.Tests;

/// <summary>
/// Compares with a file in Golden/. With BERTH_GOLDEN=write in the environment the files are written instead: read the difference before
/// it is committed.
/// </summary>
internal static class Golden
{
    public static void Check(string name, string actual, [CallerFilePath] string source = "")
    {
        string folder = source[..(source.IndexOf("/Berth.Cli.Tests/", StringComparison.Ordinal) + "/Berth.Cli.Tests/".Length)];
        string path = Path.Combine(folder, "Golden", name);
        if (Environment.GetEnvironmentVariable("BERTH_GOLDEN") == "write")
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, actual);
        }

        Assert.True(File.Exists(path), $"{path} is missing: write it with BERTH_GOLDEN=write");
        Assert.Equal(File.ReadAllText(path), actual);
    }
}
