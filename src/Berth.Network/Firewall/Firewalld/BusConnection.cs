using System.Net.Sockets;
using System.Text;

namespace Berth.Network.Firewall.Firewalld;

/// <summary>
/// A connection to the system's D-Bus for a few calls, one after the other. It is made when there is something to say and closed after it: nothing
/// has to be noticed when the bus is restarted.
/// </summary>
internal sealed class BusConnection : IDisposable
{
    private const string Bus = "org.freedesktop.DBus";
    private const int LongestLine = 512;

    private readonly Socket _socket;
    private uint _serial;

    private BusConnection(Socket socket) => _socket = socket;

    /// <summary>Connects, authenticates as root, and takes a name on the bus.</summary>
    /// <exception cref="SocketException">There is no bus.</exception>
    /// <exception cref="BusException">It refused.</exception>
    public static async Task<BusConnection> OpenAsync(string path, CancellationToken cancel)
    {
        var connection = new BusConnection(new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified));
        try
        {
            await connection._socket.ConnectAsync(new UnixDomainSocketEndPoint(path), cancel);
            await connection.AuthenticateAsync(cancel);
            await connection.CallAsync(new BusCall(Bus, "/org/freedesktop/DBus", Bus, "Hello"), cancel);
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>Where the system's bus listens: DBUS_SYSTEM_BUS_ADDRESS, or the place that the specification gives.</summary>
    /// <returns>A path; null: the address is none of a socket in the file system.</returns>
    public static string? PathOf(string? address)
    {
        const string Default = "/run/dbus/system_bus_socket";
        return string.IsNullOrEmpty(address)
            ? Default
            : address.Split(';').Where(static a => a.StartsWith("unix:", StringComparison.Ordinal))
                .SelectMany(static a => a["unix:".Length..].Split(',')).Where(static p => p.StartsWith("path=", StringComparison.Ordinal))
                .Select(static p => Uri.UnescapeDataString(p["path=".Length..])).FirstOrDefault();
    }

    /// <summary>Calls a method and awaits its answer.</summary>
    /// <returns>The first argument of the answer where that is a string.</returns>
    /// <exception cref="BusException">The answer is an error.</exception>
    public async Task<string> CallAsync(BusCall call, CancellationToken cancel)
    {
        uint serial = ++_serial;
        byte[] bytes = call.ToBytes(serial);
        for (int sent = 0; sent < bytes.Length;)
        {
            sent += await _socket.SendAsync(bytes.AsMemory(sent), cancel);
        }

        while (true)
        {
            BusMessage message = await ReceiveAsync(cancel);
            if (message.ReplyTo == serial)
            {
                return message.Error is null ? message.Text : throw new BusException($"{call.Member}: {message.Error}: {message.Text}");
            }
        }
    }

    public void Dispose() => _socket.Dispose();

    // D-Bus Specification, "Authentication Protocol": EXTERNAL, by what the kernel says about the socket's other end.
    private async Task AuthenticateAsync(CancellationToken cancel)
    {
        // The user is "0" in hex: only root changes a host's firewall.
        await _socket.SendAsync("\0AUTH EXTERNAL 30\r\n"u8.ToArray(), cancel);
        var line = new StringBuilder();
        byte[] one = new byte[1]; // what follows the line is not ours to take
        while (line.Length < LongestLine && (line.Length == 0 || line[^1] != '\n'))
        {
            await FillAsync(one, cancel);
            line.Append((char)one[0]);
        }

        if (!line.ToString().StartsWith("OK ", StringComparison.Ordinal))
        {
            throw new BusException($"the system's bus refused this user: {line.ToString().TrimEnd()}");
        }

        await _socket.SendAsync("BEGIN\r\n"u8.ToArray(), cancel);
    }

    private async Task<BusMessage> ReceiveAsync(CancellationToken cancel)
    {
        byte[] prelude = new byte[BusMessage.PreludeLength];
        await FillAsync(prelude, cancel);
        int length = BusMessage.LengthOf(prelude);
        if (length < 0)
        {
            throw new BusException("the system's bus sent something that is no message");
        }

        byte[] bytes = new byte[length];
        prelude.CopyTo(bytes, 0);
        await FillAsync(bytes.AsMemory(prelude.Length), cancel);
        return BusMessage.TryParse(bytes, out BusMessage message) ? message : throw new BusException("the system's bus sent a malformed message");
    }

    private async Task FillAsync(Memory<byte> buffer, CancellationToken cancel)
    {
        while (!buffer.IsEmpty)
        {
            int count = await _socket.ReceiveAsync(buffer, cancel);
            buffer = count > 0 ? buffer[count..] : throw new BusException("the system's bus closed the connection");
        }
    }
}
