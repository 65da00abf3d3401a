using Berth.Api;
using Berth.Engine.Containers;
using Berth.Engine.Mounts;
using Berth.Engine.Spec;
using Berth.Linux.Files;
using Berth.Linux.Interop;
using Berth.Oci.Runtime;
using Berth.Storage;

namespace Berth.Engine.Exec;

/// <summary>What an exec runs as, from its request and its container.</summary>
internal static class ExecProcess
{
    /// <param name="container">Where it runs.</param>
    /// <param name="request">What is asked for.</param>
    /// <param name="size">The terminal's size from the start request; null takes the create request's.</param>
    /// <param name="host">This host.</param>
    /// <param name="links">Variables that tell of linked containers.</param>
    public static Process Of(ContainerRecord container, ExecCreateRequest request, IReadOnlyList<long>? size, HostFacts host, IReadOnlyList<string> links)
    {
        ContainerConfig config = container.Document.Config;
        HostConfig hostConfig = container.Document.HostConfig;
        (User user, string home) = UserResolution.Resolve(
            string.IsNullOrEmpty(request.User) ? config.User : request.User, hostConfig.GroupAdd, Users(container));
        bool terminal = request.Tty == true;
        string folder = string.IsNullOrEmpty(request.WorkingDir) ? config.WorkingDir ?? "" : request.WorkingDir;
        return new Process
        {
            Terminal = terminal,
            ConsoleSize = terminal && (size ?? request.ConsoleSize) is [var rows and > 0, var columns and > 0]
                ? new ConsoleSize { Height = (uint)rows, Width = (uint)columns } : null,
            User = user,
            Args = request.Cmd,
            Env = ContainerEnvironment.OfExec([.. links, .. config.Env ?? []], request.Env, config.Hostname ?? "", terminal, home),
            Cwd = folder.Length == 0 ? "/" : CleanPath.Of(folder),
            Capabilities = request.Privileged == true
                ? new CapabilitySets { Bounding = host.Capabilities, Effective = host.Capabilities, Permitted = host.Capabilities }
                : SpecBuilder.CapabilitySets(hostConfig, host),
            Rlimits = Ulimits.Of(hostConfig.Ulimits),
            NoNewPrivileges = SecurityOptions.Parse(hostConfig.SecurityOpt).NoNewPrivileges,
            OomScoreAdj = (int?)hostConfig.OomScoreAdj ?? 0,
        };
    }

    // By way of the first process's root: the files as the container sees them now.
    private static UserDatabase Users(ContainerRecord container)
    {
        try
        {
            using FileDescriptor root = FileDescriptor.Open($"/proc/{container.Pid}/root", Libc.O_PATH | Libc.O_DIRECTORY);
            return ProcessIdentity.IsAlive(container.Pid, container.PidStartTime)
                ? RootFiles.ReadUsers(root)
                : throw EngineException.Conflict($"Container {container.Id} is not running");
        }
        catch (Linux.LinuxException)
        {
            throw EngineException.Conflict($"Container {container.Id} is not running");
        }
    }
}
