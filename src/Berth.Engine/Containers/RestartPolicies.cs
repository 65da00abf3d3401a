using Berth.Api;
using Berth.Oci.Monitor;
using Berth.Storage;

namespace Berth.Engine.Containers;

/// <summary>--restart: whether and when a container that ended is started again. Pure.</summary>
public static class RestartPolicies
{
    private static readonly TimeSpan First = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(1);

    // Who ran so long was well; the next pause is short again.
    private static readonly TimeSpan Settled = TimeSpan.FromSeconds(10);

    /// <exception cref="EngineException">Invalid, in Docker's words.</exception>
    public static RestartPolicy Check(RestartPolicy? policy, bool autoRemove)
    {
        string name = string.IsNullOrEmpty(policy?.Name) ? "no" : policy.Name;
        long retries = policy?.MaximumRetryCount ?? 0;
        if (name is not ("no" or "always" or "on-failure" or "unless-stopped"))
        {
            throw EngineException.Invalid($"invalid restart policy: unknown policy '{name}'; use one of 'no', 'always', 'on-failure', or 'unless-stopped'");
        }

        if (name != "on-failure" && retries != 0)
        {
            throw EngineException.Invalid($"invalid restart policy: maximum retry count can only be used with 'on-failure'");
        }

        if (retries < 0)
        {
            throw EngineException.Invalid("invalid restart policy: maximum retry count cannot be negative");
        }

        return autoRemove && name != "no"
            ? throw EngineException.Invalid("can't create 'AutoRemove' container with restart policy")
            : new RestartPolicy { Name = name, MaximumRetryCount = retries };
    }

    /// <summary>How long to wait before the next start; null: none.</summary>
    public static TimeSpan? Delay(ContainerRecord record, ContainerExit exit)
    {
        RestartPolicy? policy = record.Document.HostConfig.RestartPolicy;
        bool again = !record.Status.StoppedByUser && policy?.Name switch
        {
            "always" or "unless-stopped" => true,
            "on-failure" => exit.ExitCode != 0 && (policy.MaximumRetryCount is null or 0 || record.Status.RestartCount < policy.MaximumRetryCount),
            _ => false,
        };
        if (!again)
        {
            return null;
        }

        bool settled = record.Status.StartedAt is { } started && exit.FinishedAt - started >= Settled;
        int doublings = settled ? 0 : Math.Min(record.Status.RestartCount, 16);
        double milliseconds = First.TotalMilliseconds * Math.Pow(2, doublings);
        return milliseconds < Longest.TotalMilliseconds ? TimeSpan.FromMilliseconds(milliseconds) : Longest;
    }

    /// <summary>Whether a daemon that starts, starts the container too.</summary>
    public static bool StartsWithDaemon(ContainerRecord record, bool ranBefore) => record.Document.HostConfig.RestartPolicy?.Name switch
    {
        "always" => record.Status.StartedAt is not null,
        "unless-stopped" => record.Status.StartedAt is not null && !record.Status.StoppedByUser,
        "on-failure" => ranBefore && !record.Status.StoppedByUser && record.Status.ExitCode != 0,
        _ => false,
    };
}
