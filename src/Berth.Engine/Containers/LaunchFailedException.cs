using Berth.Linux;
using Berth.Oci.Monitor;
using Berth.Storage;

namespace Berth.Engine.Containers;

/// <summary>A start that failed: what the monitor, or the engine before it, says of it.</summary>
internal sealed class LaunchFailedException(MonitorFailure failure, EngineErrorKind? kind = null, Exception? inner = null) : Exception(failure.Message, inner)
{
    /// <summary>126 not executable, 127 not found, 128 anything else.</summary>
    public int ExitCode => failure.ExitCode == 0 ? 128 : failure.ExitCode;

    /// <summary>For the API. Docker's clients look for "executable file not found", "no such file or directory" and "permission denied" in it.</summary>
    public EngineException ToApi()
    {
        if (kind is { } known)
        {
            return new EngineException(known, failure.Message, this);
        }

        // Docker's daemon takes these for the user's mistakes (400) and adds the hint about bind mounts.
        string message = $"failed to create task for container: {failure.Message}";
        string hint = failure.Errno == Errno.ENOTDIR ? ": Are you trying to mount a directory onto a file (or vice-versa)? Check if the specified host path exists and is the expected type" : "";
        return new EngineException(ExitCode is 126 or 127 || hint.Length > 0 ? EngineErrorKind.Invalid : EngineErrorKind.Internal, $"{message}: unknown{hint}", this);
    }
}
