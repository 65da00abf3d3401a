namespace Berth.Runtime.Planning;

/// <summary>Where the planning functions append their calls.</summary>
internal sealed class PlanBuilder
{
    private readonly List<PlannedCall> _calls = [];
    private string _step = "";
    private string _origin = "";
    private int _slots = 1; // slot 0: the report socket

    /// <summary>The report socket's number, wherever it is by now.</summary>
    public static Slot Report => new(0);

    /// <summary>The container's root, once it is entered.</summary>
    public Argument Root { get; set; } = Fd("root");

    /// <summary>Cgroup folders of the host that were opened for a container without a cgroup namespace, by hierarchy.</summary>
    public IReadOnlyDictionary<string, Slot> CgroupTrees { get; set; } = new Dictionary<string, Slot>();

    /// <summary>The working folder, where it was opened early.</summary>
    public Slot? Folder { get; set; }

    public static Argument Fd(string name) => new Argument.Inherited(name);

    public Slot NewSlot() => new(_slots++);

    /// <summary>Names what the calls after this do and what asked for it.</summary>
    public void Step(string step, string origin)
    {
        _step = step;
        _origin = origin;
    }

    public void Call(string name, params ReadOnlySpan<Argument> arguments) => Add(name, arguments, null, [], null, null);

    /// <summary>A call whose result later ones use.</summary>
    public Slot Take(string name, params ReadOnlySpan<Argument> arguments)
    {
        Slot slot = NewSlot();
        Add(name, arguments, slot, [], null, null);
        return slot;
    }

    public void Into(Slot slot, string name, params ReadOnlySpan<Argument> arguments) => Add(name, arguments, slot, [], null, null);

    /// <summary>A call that may fail in these ways; the plan then goes on at the label, or with the next call.</summary>
    public void Try(IReadOnlyList<int> tolerated, Label? onTolerated, string name, params ReadOnlySpan<Argument> arguments) =>
        Add(name, arguments, null, tolerated, onTolerated, null);

    public void Try(Slot into, IReadOnlyList<int> tolerated, Label? onTolerated, Label? onSuccess, string name, params ReadOnlySpan<Argument> arguments) =>
        Add(name, arguments, into, tolerated, onTolerated, onSuccess);

    public void TryElse(IReadOnlyList<int> tolerated, Label onSuccess, string name, params ReadOnlySpan<Argument> arguments) =>
        Add(name, arguments, null, tolerated, null, onSuccess);

    /// <summary>Puts a label before the next call.</summary>
    public void Mark(Label label) => label.Index = _calls.Count;

    /// <summary>
    /// First of all: closes the child's copy of the parent's end of the report socket, so that a dead parent is noticed, and keeps the
    /// container's processes away from this copy of the runtime (CVE-2019-5736): /proc/PID/exe of a process that is not dumpable is closed to them.
    /// </summary>
    public void Begin()
    {
        Step("leave the parent", "CVE-2019-5736");
        Call("close", Fd("parent"));
        Call("prctl", KernelFlags.Named(Linux.Interop.Libc.PR_SET_DUMPABLE, "PR_SET_DUMPABLE"), 0);
    }

    public InitPlan Build(long cloneFlags) => new(cloneFlags, [.. _calls], _slots);

    private void Add(string name, ReadOnlySpan<Argument> arguments, Slot? into, IReadOnlyList<int> tolerated, Label? onTolerated, Label? onSuccess) =>
        _calls.Add(new PlannedCall(name, arguments.ToArray())
        {
            Step = _step,
            Origin = _origin,
            Into = into,
            Tolerated = tolerated,
            OnTolerated = onTolerated,
            OnSuccess = onSuccess,
        });
}
