using Berth.Linux.Files;
using Berth.Linux.Sockets;

namespace Berth.Runtime.Init;

/// <summary>
/// The descriptors that a plan names, as copies with numbers of their own: all above the ones that the program keeps, so that dup3 onto 0, 1
/// and 2 never meets them, and report below gate, as the plan's close_range expects.
/// </summary>
internal sealed class InheritedDescriptors : IDisposable
{
    private readonly Dictionary<string, int> _numbers = new(StringComparer.Ordinal);
    private readonly List<FileDescriptor> _copies = [];
    private readonly int _minimum;

    public InheritedDescriptors(int preserved)
    {
        _minimum = 3 + preserved;
        (Report, FileDescriptor theirs) = UnixSocket.Pair();
        AddOwned("report", theirs);
        _numbers["parent"] = Report.Number;
        _minimum = _numbers["report"] + 1;
    }

    /// <summary>The parent's end of the report socket; whoever takes it disposes it.</summary>
    public FileDescriptor Report { get; }

    public IReadOnlyDictionary<string, int> Numbers => _numbers;

    /// <summary>Adds a copy; the original stays its owner's.</summary>
    public void Add(string name, FileDescriptor descriptor)
    {
        FileDescriptor copy = DescriptorCopy.AtLeast(descriptor, _minimum);
        _copies.Add(copy);
        _numbers[name] = copy.Number;
    }

    /// <summary>Adds one that this process opens for the purpose, and closes it with the copy.</summary>
    public void AddOwned(string name, FileDescriptor descriptor)
    {
        _copies.Add(descriptor);
        Add(name, descriptor);
    }

    public void Dispose() => _copies.ForEach(c => c.Dispose());
}
