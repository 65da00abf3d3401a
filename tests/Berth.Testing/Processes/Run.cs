using System.Diagnostics;

namespace Berth.Testing.Processes;

/// <summary>Runs programs to their end. One that hangs is killed after a deadline, so that no test waits for ever.</summary>
public static class Run
{
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(3);

    public static Task<ProcessResult> Async(string program, params string[] arguments) => Async(program, arguments, null);

    /// <param name="program">A path, or a name to look up.</param>
    /// <param name="arguments">As they are; no shell reads them.</param>
    /// <param name="input">Standard input; null: an empty one.</param>
    /// <param name="environment">Further variables.</param>
    public static async Task<ProcessResult> Async(
        string program, IEnumerable<string> arguments, Stream? input, IReadOnlyDictionary<string, string>? environment = null)
    {
        using Process process = Start(program, arguments, environment);
        using var deadline = new CancellationTokenSource(Deadline);
        Task<string> output = process.StandardOutput.ReadToEndAsync(deadline.Token), error = process.StandardError.ReadToEndAsync(deadline.Token);
        try
        {
            await FeedAsync(process, input, deadline.Token).ConfigureAwait(false);
            await process.WaitForExitAsync(deadline.Token).ConfigureAwait(false);
            return new ProcessResult(process.ExitCode, await output.ConfigureAwait(false), await error.ConfigureAwait(false));
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"{program} {string.Join(' ', arguments)} did not end within {Deadline}");
        }
    }

    /// <summary>Starts a program with all three streams redirected.</summary>
    public static Process Start(string program, IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? environment = null)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        foreach ((string name, string value) in environment ?? new Dictionary<string, string>())
        {
            start.Environment[name] = value;
        }

        return Process.Start(start) ?? throw new InvalidOperationException($"{program} did not start");
    }

    private static async Task FeedAsync(Process process, Stream? input, CancellationToken cancel)
    {
        try
        {
            if (input is not null)
            {
                await input.CopyToAsync(process.StandardInput.BaseStream, cancel).ConfigureAwait(false);
            }

            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It ended, or closed its input, before it read all: its exit code tells.
        }
    }
}
