using Berth.Linux.Files;

namespace Berth.Linux.Sockets;

/// <summary>
/// Owns bound sockets that are kept only so that their ports are taken, at four bytes each: which port one holds, the kernel knows.
/// </summary>
public sealed class HeldSockets : IDisposable
{
    private readonly List<int> _numbers = [];

    public int Count => _numbers.Count;

    /// <summary>Takes a socket over: the object is not to be used any more.</summary>
    public void Add(FileDescriptor socket) => _numbers.Add(socket.Release());

    /// <summary>All of them by protocol (IPPROTO_TCP and so on) and address, without the scope of a link-local one. Asks the kernel for each.</summary>
    public Dictionary<(int Protocol, InternetAddress Address), int> Numbers()
    {
        var all = new Dictionary<(int Protocol, InternetAddress Address), int>(_numbers.Count);
        foreach (int number in _numbers)
        {
            all[(InternetSocket.ProtocolOf(number), InternetSocket.LocalAddress(number).WithoutScope())] = number;
        }

        return all;
    }

    /// <summary>Gives one away.</summary>
    public FileDescriptor Take(int number) =>
        _numbers.Remove(number) ? new FileDescriptor(number) : throw new ArgumentException($"{number} is not held", nameof(number));

    public void Dispose()
    {
        foreach (int number in _numbers)
        {
            new FileDescriptor(number).Dispose();
        }

        _numbers.Clear();
    }
}
