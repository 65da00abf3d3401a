using Berth.Linux.Files;
using Berth.Oci.Runtime;

namespace Berth.Runtime.Init;

/// <summary>The spec's hooks, at their points. A failing one before the start ends the start; later ones only warn (OCI runtime specification, lifecycle).</summary>
internal sealed class ContainerHooks(RuntimeSpec spec, LaunchResources resources)
{
    /// <summary>Whether the child has to wait for any.</summary>
    public bool AreBeforeStart => spec.Hooks is { } h && (h.Prestart is { Count: > 0 } || h.CreateRuntime is { Count: > 0 } || h.CreateContainer is { Count: > 0 });

    /// <summary>prestart, createRuntime (in the host's namespaces), createContainer (in the container's, the root not yet entered).</summary>
    public void BeforeStart(int pid, FileDescriptor pidFd)
    {
        byte[] state = HookState.Of(spec, resources.Id, resources.Bundle, "creating", pid);
        HookRunner.RunAll(spec.Hooks?.Prestart, "prestart", state, resources.Bundle);
        HookRunner.RunAll(spec.Hooks?.CreateRuntime, "createRuntime", state, resources.Bundle);
        HookRunner.RunAllInside(spec.Hooks?.CreateContainer, "createContainer", state, spec, pidFd);
    }
}
