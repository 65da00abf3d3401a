using System.Diagnostics;

namespace Berth.Tests;

/// <summary>Programs that tests compare with.</summary>
public static class TestShell
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
