using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace Berth.Runtime.Tests.Containers;

/// <summary>The published program (BERTH_BIN, or artifacts/bin of the checkout): a managed test host has threads and must not fork.</summary>
internal static class RuntimeProgramUnderTest
{
    public static string File { get; } = Path.Combine(Environment.GetEnvironmentVariable("BERTH_BIN") ?? Path.Combine(Checkout(), "artifacts/bin"), "berth-runtime");

    /// <summary>Runs it to its end. What it starts in the background must not hold its output, so containers get files or pipes of their own.</summary>
    public static Outcome Run(params IEnumerable<string> args)
    {
        using Process process = Start(args);
        Task<string> output = process.StandardOutput.ReadToEndAsync(), error = process.StandardError.ReadToEndAsync();
        process.WaitForExit();
        return new Outcome(process.ExitCode, output.GetAwaiter().GetResult(), error.GetAwaiter().GetResult());
    }

    public static Process Start(IEnumerable<string> args)
    {
        var start = new ProcessStartInfo(File, args) { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true };
        Process process = Process.Start(start)!;
        process.StandardInput.Close();
        return process;
    }

    private static string Checkout([CallerFilePath] string path = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(path)!, "../../.."));

    /// <summary>How a run ended.</summary>
    internal sealed record Outcome(int Status, string Output, string Error);
}
