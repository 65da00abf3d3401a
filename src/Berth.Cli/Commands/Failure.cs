using Berth.Cli.CommandLine;
using Berth.Cli.Http;

namespace Berth.Cli.Commands;

/// <summary>Failures of commands whose exit code means something of its own.</summary>
internal static class Failure
{
    private static readonly string[] NotFound = ["executable file not found", "no such file or directory", "system cannot find the file specified"];
    private static readonly string[] NotAllowed = ["permission denied", "is a directory"];

    /// <summary>A run that never became a process: 127 when the program is not there, 126 when it may not be run, otherwise 125.</summary>
    public static CliException OfRun(Invocation call, Exception cause)
    {
        string text = cause.Message;
        int code = cause is not ApiException ? Dispatcher.UsageError
            : Array.Exists(NotFound, w => text.Contains(w, StringComparison.OrdinalIgnoreCase)) ? 127
            : Array.Exists(NotAllowed, w => text.Contains(w, StringComparison.OrdinalIgnoreCase)) ? 126
            : Dispatcher.UsageError;
        return new CliException($"{call.Session.Program}: {text.TrimEnd('.')}.\nSee '{call.Path} --help'.", code);
    }
}
