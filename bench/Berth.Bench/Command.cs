using System.Diagnostics;

namespace Berth.Bench;

/// <summary>Runs a program to its end and times it from outside.</summary>
internal static class Command
{
    /// <summary>Milliseconds from just before the program's start to its end; what it prints is read and left. A program that fails ends the bench: its time would mean nothing.</summary>
    public static double Time(string program, params string[] arguments)
    {
        long start = Stopwatch.GetTimestamp();
        using Process process = Start(program, arguments, keepOutput: true);
        process.StandardOutput.BaseStream.CopyTo(Stream.Null);
        process.WaitForExit();
        double milliseconds = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        Check(process, program, arguments);
        return milliseconds;
    }

    /// <summary>Runs many at once; milliseconds until the last one ended.</summary>
    public static double TimeAtOnce(int count, string program, params string[] arguments)
    {
        long start = Stopwatch.GetTimestamp();
        Process[] all = [.. Enumerable.Range(0, count).Select(_ => Start(program, arguments))];
        foreach (Process process in all)
        {
            process.WaitForExit();
        }

        double milliseconds = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        foreach (Process process in all)
        {
            Check(process, program, arguments);
            process.Dispose();
        }

        return milliseconds;
    }

    /// <summary>What the program prints on its standard output, without the last newline.</summary>
    public static string Output(string program, params string[] arguments)
    {
        using Process process = Start(program, arguments, keepOutput: true);
        string text = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Check(process, program, arguments);
        return text.TrimEnd('\n');
    }

    /// <summary>Starts a server in the background with its output in a file.</summary>
    public static Process Serve(string log, string program, params string[] arguments) =>
        Process.Start(new ProcessStartInfo("/bin/sh", ["-c", "exec \"$@\" >\"$0\" 2>&1 </dev/null", log, program, .. arguments]))!;

    private static Process Start(string program, string[] arguments, bool keepOutput = false)
    {
        var info = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = keepOutput, RedirectStandardInput = false };
        return Process.Start(info)!;
    }

    private static void Check(Process process, string program, string[] arguments)
    {
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"{program} {string.Join(' ', arguments)} ended with {process.ExitCode}");
        }
    }
}
