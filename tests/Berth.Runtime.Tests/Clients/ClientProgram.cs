using System.Diagnostics;

using Berth.Runtime.Tests.Containers;

namespace Berth.Runtime.Tests.Clients;

/// <summary>Runs a client's command line to its end.</summary>
internal static class ClientProgram
{
    public static RuntimeProgramUnderTest.Outcome Run(string program, params IEnumerable<string> args)
    {
        using Process process = Process.Start(new ProcessStartInfo(program, args) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        Task<string> output = process.StandardOutput.ReadToEndAsync(), error = process.StandardError.ReadToEndAsync();
        process.WaitForExit();
        return new RuntimeProgramUnderTest.Outcome(process.ExitCode, output.GetAwaiter().GetResult(), error.GetAwaiter().GetResult());
    }

    public static string[] Words(string options) => options.Split(' ', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>A tar of the busybox root of a test bundle.</summary>
    public static void WriteImage(TestBundle bundle, string tar) => Assert.Equal(0, Run("tar", "-C", bundle.Rootfs, "-cf", tar, ".").Status);
}
