using Berth.Oci.Monitor;

namespace Berth.Engine.Containers;

/// <summary>What a row and an observation come to. One of the kinds of the nested records.</summary>
public abstract record Verdict
{
    /// <summary>It runs under its monitor: take over.</summary>
    public sealed record Adopt(Phase Phase, MonitorState State) : Verdict;

    /// <summary>It ended while no daemon looked.</summary>
    /// <param name="Exit">How.</param>
    /// <param name="KillLeftovers">Nobody tidied up behind it.</param>
    /// <param name="Error">Why more is not known; empty otherwise.</param>
    public sealed record End(ContainerExit Exit, bool KillLeftovers, string Error) : Verdict;

    /// <summary>Its start had not come so far that a process ran: undo it.</summary>
    public sealed record Unstart(string Error) : Verdict;

    /// <summary>As the row says; leftovers of a run are given back.</summary>
    public sealed record Keep : Verdict;
}
