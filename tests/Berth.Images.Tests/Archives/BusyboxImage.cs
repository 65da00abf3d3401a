using System.Diagnostics;

namespace Berth.Images.Tests;

/// <summary>The built-in image, made once for all tests by the script that makes the real one.</summary>
internal static class BusyboxImage
{
    private static readonly Lazy<string> Made = new(Make);

    public static string Archive => Made.Value;

    public static FileStream Open() => File.OpenRead(Archive);

    private static string Make()
    {
        string path = Path.Join(Path.GetTempPath(), $"berth-busybox-{Environment.ProcessId}.tar");
        Shell.Run($"{Checkout()}/build/busybox-image {path}");
        AppDomain.CurrentDomain.ProcessExit += (_, _) => File.Delete(path);
        return path;
    }

    private static string Checkout()
    {
        string folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Join(folder, "Berth.slnx")))
        {
            folder = Path.GetDirectoryName(folder)!;
        }

        return folder;
    }
}

/// <summary>Programs that tests compare with.</summary>
internal static class Shell
{
    /// <summary>What a command printed; fails the test where it fails.</summary>
    public static string Run(string command)
    {
        using Process process = Process.Start(new ProcessStartInfo("/bin/bash", ["-euo", "pipefail", "-c", command]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, $"{command}: exit code {process.ExitCode}\n{output}{errors.Result}");
        return output;
    }
}
