namespace Berth.Runtime.Planning;

/// <summary>Messages of a child beside failures, which are never negative: eight bytes each.</summary>
internal static class Report
{
    /// <summary>Namespaces are there, hooks may run; answer with a byte.</summary>
    public const long Hooks = -1;

    /// <summary>Set up; waits at the gate.</summary>
    public const long Waiting = -2;

    /// <summary>execve comes next.</summary>
    public const long Running = -3;

    /// <summary>Sends a message. Where the parent is gone this fails with EPIPE, and so does the start: SIGPIPE is blocked.</summary>
    public static void Send(PlanBuilder plan, long message, string name)
    {
        byte[] bytes = BitConverter.GetBytes(message);
        plan.Call("write", PlanBuilder.Report, new Argument.Block(bytes, name), 8);
    }
}
