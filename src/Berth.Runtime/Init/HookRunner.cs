using Berth.Linux;
using Berth.Linux.Files;
using Berth.Linux.Interop;
using Berth.Linux.Processes;
using Berth.Oci.Runtime;
using Berth.Runtime.Planning;

using Process = Berth.Oci.Runtime.Process;

namespace Berth.Runtime.Init;

/// <summary>Runs hooks one after the other: the state on standard input, at most their time, any other status than 0 is a failure.</summary>
internal static unsafe class HookRunner
{
    /// <summary>In this process's own namespaces.</summary>
    public static void RunAll(IReadOnlyList<Hook>? hooks, string kind, byte[] state, string bundle)
    {
        for (int i = 0; i < hooks?.Count; i++)
        {
            Hook hook = hooks[i];
            string name = $"hooks.{kind}[{i}] ({hook.Path})";
            Run(hook, name, state, descriptors =>
            {
                var request = new SpawnRequest
                {
                    Program = Path.Combine(bundle, hook.Path ?? ""),
                    Arguments = hook.Args is { Count: > 0 } args ? args : [hook.Path ?? ""],
                    Environment = hook.Env ?? [],
                    Descriptors = descriptors,
                };
                return PidFd.Open(Spawn.Start(request));
            });
        }
    }

    /// <summary>In the namespaces of a process: before it entered its root the path is the host's, afterwards the container's.</summary>
    public static void RunAllInside(IReadOnlyList<Hook>? hooks, string kind, byte[] state, RuntimeSpec spec, FileDescriptor container)
    {
        for (int i = 0; i < hooks?.Count; i++)
        {
            Hook hook = hooks[i];
            var process = new Process { Args = hook.Args is { Count: > 0 } args ? args : [hook.Path ?? ""], Env = hook.Env, Cwd = "/" };
            Run(hook, $"hooks.{kind}[{i}] ({hook.Path})", state, descriptors =>
            {
                using var inherited = new InheritedDescriptors(0);
                inherited.Add("pidfd", container);
                inherited.Add("stdin", descriptors[0]);
                inherited.Add("stdout", descriptors[1]);
                inherited.Add("stderr", descriptors[2]);
                InitPlan plan = HookPlanning.Compile(spec, hook, process, new PlanInputs { Facts = HostInspection.ForProcess(process, null), HasStdio = true });
                using Child child = Child.Start(plan, inherited, null, NamespacePlanning.Has(spec, "pid") ? container : null, hook.Path ?? "");
                try
                {
                    inherited.Dispose();
                    child.Await(null);
                    return child.PidFd;
                }
                catch
                {
                    child.Reap();
                    child.PidFd.Dispose();
                    throw;
                }
            });
        }
    }

    private static void Run(Hook hook, string name, byte[] state, Func<IReadOnlyList<FileDescriptor>, FileDescriptor> start)
    {
        using var input = new Pipe();
        using FileDescriptor output = FileDescriptor.Open("/dev/null", Libc.O_WRONLY);
        FileDescriptor process;
        try
        {
            process = start([input.Reader, output, output]);
        }
        catch (LinuxException e)
        {
            throw new LaunchException(name, e.Errno, 128, $"{name}: {e.Message}");
        }

        using (process)
        {
            Feed(input, state, name);
            Await(process, hook, name);
        }
    }

    // A hook that does not read is none of our business; SIGPIPE is ignored by .NET. The state fits the pipe: 64 KiB.
    private static void Feed(Pipe input, byte[] state, string name)
    {
        input.Reader.Dispose();
        try
        {
            FileWrite.All(input.Writer, state, name);
        }
        catch (LinuxException e) when (e.Errno == Errno.EPIPE)
        {
            return;
        }
        finally
        {
            input.Writer.Dispose();
        }
    }

    private static void Await(FileDescriptor process, Hook hook, string name)
    {
        Libc.pollfd item = new() { fd = process.Number, events = Libc.POLLIN };
        int ready = Libc.poll(&item, 1, hook.Timeout is { } seconds ? checked(seconds * 1000) : -1);
        bool late = ready == 0;
        if (late)
        {
            PidFd.Signal(process, Libc.SIGKILL);
            _ = Libc.poll(&item, 1, -1);
        }

        int status = PidFd.TryReap(process) ?? 0;
        if (late || status != 0)
        {
            string why = late ? $"took longer than its timeout of {hook.Timeout} s and was killed" : status > 128 ? $"was ended by signal {status - 128}" : $"ended with status {status}";
            throw new LaunchException(name, 0, 128, $"{name} {why}");
        }
    }
}
