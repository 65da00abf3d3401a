using Berth.Linux;
using Berth.Linux.Cgroups;
using Berth.Linux.Files;
using Berth.Linux.Interop;
using Berth.Linux.Processes;
using Berth.Oci.Runtime;
using Berth.Runtime.Planning;

using Process = Berth.Oci.Runtime.Process;

namespace Berth.Runtime.Init;

/// <summary>
/// Starts first processes and execs. The caller is single-threaded, is the process's parent afterwards and reaps it.
/// Both calls return once the program runs (or, with a gate, waits for its start), or throw and leave nothing behind.
/// </summary>
internal static class ContainerLauncher
{
    /// <summary>Makes the cgroup that the spec names, clones, and runs the plan up to the program.</summary>
    /// <exception cref="LaunchException">A step failed; the child is reaped and the cgroup removed.</exception>
    public static LaunchedProcess Start(RuntimeSpec spec, LaunchResources resources) => Explained("start", () =>
    {
        ICgroupDriver driver = CgroupHost.Detect();
        string path = CgroupSpec.PathOf(spec, resources.Id);
        ICgroup cgroup = driver.Create(path);
        try
        {
            cgroup.Apply(CgroupSpec.ForContainer(spec.Linux?.Resources));
            resources.Trace?.Mark("cgroup made");
            return Start(spec, resources, driver, cgroup);
        }
        catch
        {
            cgroup.Remove();
            throw;
        }
    });

    /// <summary>Runs one more program in a running container.</summary>
    /// <exception cref="LaunchException">A step failed; the child is reaped.</exception>
    public static LaunchedProcess Exec(Process process, ExecTarget target, Stdio? stdio) => Explained("exec", () =>
    {
        if (target.Cgroup.IsFrozen)
        {
            throw new LaunchException("exec", 0, 128, "the container is paused: resume it before running more programs in it");
        }

        using ContainerTerminal? terminal = process.Terminal ? ContainerTerminal.OpenIn(target.Pid, process.ConsoleSize) : null;
        using CgroupEntry entry = target.Cgroup.OpenEntry();
        using var descriptors = new InheritedDescriptors(target.PreservedDescriptors);
        descriptors.Add("pidfd", target.PidFd);
        AddCommon(descriptors, entry, terminal, process.Terminal ? null : stdio);
        InitPlan plan = InitPlan.CompileExec(target.Spec, process, new PlanInputs
        {
            Facts = HostInspection.ForProcess(process, process.Terminal ? null : stdio) with { OpenFiles = target.OpenFiles },
            HasStdio = stdio is not null,
            Hierarchies = [.. entry.Tasks.Select(t => t.Hierarchy)],
            PreservedDescriptors = target.PreservedDescriptors,
        });
        FileDescriptor? pidNamespace = NamespacePlanning.Has(target.Spec, "pid") ? target.PidFd : null;
        using Child child = Child.Start(plan, descriptors, entry.Folder, pidNamespace, ProgramOf(process));
        return Await(child, descriptors, null, target.Cgroup, terminal);
    });

    private static LaunchedProcess Start(RuntimeSpec spec, LaunchResources resources, ICgroupDriver driver, ICgroup cgroup)
    {
        Process process = spec.Process ?? throw ContainerPlanning.Refusal("process", "is missing");
        using FileDescriptor? opened = resources.Root is null ? OpenRoot(spec, resources.Bundle) : null;
        using ContainerTerminal? terminal = process.Terminal ? ContainerTerminal.Create(spec) : null;
        using CgroupEntry entry = cgroup.OpenEntry();
        using var descriptors = new InheritedDescriptors(resources.PreservedDescriptors);
        Add(descriptors, "root", resources.Root);
        Add(descriptors, "network", resources.Network);
        Add(descriptors, "gate", resources.Gate);
        AddNamespaces(descriptors, spec, resources);
        CopiedUp.Add(descriptors, spec, resources.Root ?? opened!);
        AddCommon(descriptors, entry, terminal, process.Terminal ? null : resources.Stdio);
        var hooks = new ContainerHooks(spec, resources);
        InitPlan plan = InitPlan.Compile(spec, new PlanInputs
        {
            Facts = HostInspection.ForContainer(spec, resources.Bundle, resources.Root ?? opened!, driver, cgroup.Path, process.Terminal ? null : resources.Stdio) with
            {
                OpenFiles = resources.OpenFiles,
            },
            Bundle = resources.Bundle,
            RootIsDescriptor = resources.Root is not null,
            NetworkIsDescriptor = resources.Network is not null,
            HasStdio = resources.Stdio is not null,
            HasGate = resources.Gate is not null,
            HasHooks = hooks.AreBeforeStart,
            Hierarchies = [.. entry.Tasks.Select(t => t.Hierarchy)],
            PreservedDescriptors = resources.PreservedDescriptors,
            NoPivot = resources.NoPivot,
        });
        resources.Trace?.Mark("planned");
        using FileDescriptor? pidNamespace = PidNamespaceOf(spec);
        using Child child = Child.Start(plan, descriptors, entry.Folder, pidNamespace, ProgramOf(process), resources.FailStep);
        resources.Trace?.Mark("cloned");
        return Await(child, descriptors, hooks, cgroup, terminal);
    }

    private static LaunchedProcess Await(Child child, InheritedDescriptors descriptors, ContainerHooks? hooks, ICgroup cgroup, ContainerTerminal? terminal)
    {
        try
        {
            descriptors.Dispose(); // our copies of the child's end: without it the end of its socket would never come
            ulong startTime = ProcessStat.TryRead(child.Pid)?.StartTime ?? 0;
            child.Await(hooks is null ? null : () => hooks.BeforeStart(child.Pid, child.PidFd));
            return new LaunchedProcess { Pid = child.Pid, PidFd = child.PidFd, StartTime = startTime, Cgroup = cgroup, Terminal = terminal?.Take() };
        }
        catch
        {
            child.Reap();
            child.PidFd.Dispose();
            throw;
        }
    }

    private static FileDescriptor OpenRoot(RuntimeSpec spec, string bundle)
    {
        string path = Path.Combine(bundle, spec.Root?.Path ?? throw ContainerPlanning.Refusal("root.path", "is missing"));
        return FileDescriptor.Open(path, Libc.O_PATH | Libc.O_DIRECTORY);
    }

    private static void Add(InheritedDescriptors descriptors, string name, FileDescriptor? descriptor)
    {
        if (descriptor is not null)
        {
            descriptors.Add(name, descriptor);
        }
    }

    private static void AddCommon(InheritedDescriptors descriptors, CgroupEntry entry, ContainerTerminal? terminal, Stdio? stdio)
    {
        foreach ((string hierarchy, FileDescriptor tasks) in entry.Tasks)
        {
            descriptors.Add($"tasks:{hierarchy}", tasks);
        }

        Add(descriptors, "devpts", terminal?.FileSystem);
        Add(descriptors, "terminal", terminal?.Slave);
        Add(descriptors, "stdin", stdio?.Input);
        Add(descriptors, "stdout", stdio?.Output);
        Add(descriptors, "stderr", stdio?.Error);
    }

    private static void AddNamespaces(InheritedDescriptors descriptors, RuntimeSpec spec, LaunchResources resources)
    {
        foreach (Namespace ns in spec.Linux?.Namespaces ?? [])
        {
            if (ns is { Type: { } type, Path: { Length: > 0 } path } && type != "pid" && !(type == "network" && resources.Network is not null))
            {
                descriptors.AddOwned($"ns:{type}", FileDescriptor.Open(path, Libc.O_RDONLY));
            }
        }
    }

    private static FileDescriptor? PidNamespaceOf(RuntimeSpec spec) =>
        spec.Linux?.Namespaces?.FirstOrDefault(n => n.Type == "pid")?.Path is { Length: > 0 } path ? FileDescriptor.Open(path, Libc.O_RDONLY) : null;

    private static string ProgramOf(Process process) => process.Args is { Count: > 0 } args ? args[0] : "";

    private static LaunchedProcess Explained(string part, Func<LaunchedProcess> launch)
    {
        try
        {
            return launch();
        }
        catch (LinuxException e)
        {
            throw new LaunchException(part, e.Errno, 128, e.Message);
        }
    }
}
