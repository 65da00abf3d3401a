using Berth.Tests;

namespace Berth.Images.Tests;

/// <summary>The built-in image, made once for all tests by the script that makes the real one.</summary>
internal static class BusyboxImage
{
    private static readonly Lazy<string> Made = new(Make);

    public static string Archive => Made.Value;

    public static FileStream Open() => File.OpenRead(Archive);

    private static string Make()
    {
        if (Environment.GetEnvironmentVariable("BERTH_BUSYBOX") is { Length: > 0 } made)
        {
            return made;
        }

        string path = Path.Join(Path.GetTempPath(), $"berth-busybox-{Environment.ProcessId}.tar");
        TestShell.Run($"{Checkout()}/build/busybox-image {path}");
        AppDomain.CurrentDomain.ProcessExit += (_, _) => File.Delete(path);
        return path;
    }

    public static string Checkout()
    {
        string folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Join(folder, "Berth.slnx")))
        {
            folder = Path.GetDirectoryName(folder)!;
        }

        return folder;
    }
}
