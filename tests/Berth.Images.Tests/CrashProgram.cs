using System.Diagnostics;

namespace Berth.Images.Tests;

/// <summary>Runs one act on a data root in a process of its own, which can be killed.</summary>
internal static class CrashProgram
{
    private static readonly string Program = Path.Join(
        BusyboxImage.Checkout(), "tests/Berth.Images.CrashProgram/bin/Debug/net10.0/Berth.Images.CrashProgram");

    /// <summary>False: killed, as it was told.</summary>
    public static async Task<bool> RunAsync(string? failpoint, params string[] arguments)
    {
        var start = new ProcessStartInfo(Program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["BERTH_FAILPOINT"] = failpoint;
        using Process process = Process.Start(start)!;
        Task<string> errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        string output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        const int Killed = 128 + 9;
        Assert.True(process.ExitCode == 0 || (failpoint is not null && process.ExitCode == Killed), $"{string.Join(' ', arguments)}: {process.ExitCode}\n{output}{await errors}");
        return process.ExitCode == 0;
    }
}
