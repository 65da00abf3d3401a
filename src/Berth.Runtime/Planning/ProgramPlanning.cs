using Berth.Linux;
using Berth.Linux.Interop;
using Berth.Oci.Runtime;

namespace Berth.Runtime.Planning;

/// <summary>
/// Finds the program as execvp(3) does and becomes it. Each candidate of PATH is tried in turn; the rest of the way stands behind each,
/// because a plan has no loop and the filter, once in, may refuse to look further.
/// </summary>
internal static class ProgramPlanning
{
    // The next folder of PATH may have it.
    private static readonly int[] Elsewhere = [Errno.ENOENT, Errno.ENOTDIR, Errno.EACCES, Errno.ELOOP, Errno.ENAMETOOLONG];

    private const string DefaultPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

    public static void Execute(PlanBuilder plan, Process process, PlanInputs inputs, Action? seccomp)
    {
        IReadOnlyList<string> args = process.Args is { Count: > 0 } given ? given : throw ContainerPlanning.Refusal("process.args", "is empty");
        string name = args[0];

        plan.Step($"find program {name}", "process.args[0]");
        if (name.Contains('/', StringComparison.Ordinal))
        {
            // Looked for although the path is given: whether the program or only its interpreter is missing, execve does not tell.
            plan.Call("faccessat", KernelFlags.Cwd, name, KernelFlags.Named(1, "X_OK"));
            Finish(plan, process, inputs, seccomp, name, args);
            return;
        }

        string[] candidates = Candidates(process, name);
        var found = new Label[candidates.Length];
        for (int i = 0; i < candidates.Length; i++)
        {
            found[i] = new Label();
            plan.TryElse(Elsewhere, found[i], "faccessat", KernelFlags.Cwd, candidates[i], KernelFlags.Named(1, "X_OK"));
        }

        // faccessat, not faccessat2: filters that are older than the call refuse it. Real and effective user are the same by now.
        // Nowhere: an empty path is ENOENT always.
        plan.Call("faccessat", KernelFlags.Cwd, "", KernelFlags.Named(1, "X_OK"));
        for (int i = 0; i < candidates.Length; i++)
        {
            plan.Mark(found[i]);
            Finish(plan, process, inputs, seccomp, candidates[i], args);
        }
    }

    private static void Finish(PlanBuilder plan, Process process, PlanInputs inputs, Action? seccomp, string path, IReadOnlyList<string> args)
    {
        if (inputs.HasGate)
        {
            plan.Step("wait for the start", "gate");
            Report.Send(plan, Report.Waiting, "WAITING");
            plan.Into(PlanBuilder.Report, "accept4", PlanBuilder.Fd("gate"), 0, 0, KernelFlags.Named(Libc.SOCK_CLOEXEC, "SOCK_CLOEXEC"));
        }

        plan.Step($"run program {path}", "process.args[0]");
        Report.Send(plan, Report.Running, "RUNNING");
        seccomp?.Invoke();
        plan.Step($"run program {path}", "process.args[0]");
        plan.Call("rt_sigprocmask", KernelFlags.Named(2, "SIG_SETMASK"), new Argument.Block(new byte[8], "[]"), 0, 8);
        plan.Call("execve", path, new Argument.TextVector(args), new Argument.TextVector(process.Env ?? []));
    }

    private static string[] Candidates(Process process, string name)
    {
        string? path = process.Env?.LastOrDefault(e => e.StartsWith("PATH=", StringComparison.Ordinal))?[5..];
        return name.Length == 0 ? [] : [.. (path ?? DefaultPath).Split(':', StringSplitOptions.RemoveEmptyEntries).Distinct().Select(folder => $"{folder.TrimEnd('/')}/{name}")];
    }
}
