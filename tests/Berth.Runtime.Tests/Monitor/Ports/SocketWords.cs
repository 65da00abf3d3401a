using System.Net.Sockets;
using System.Text;

namespace Berth.Runtime.Tests.Monitor.Ports;

/// <summary>Steps of a conversation. Every wait has the socket's deadline.</summary>
internal static class SocketWords
{
    public static void Say(this Socket socket, string words) => socket.SendAll(Encoding.ASCII.GetBytes(words));

    public static void SendAll(this Socket socket, byte[] bytes)
    {
        for (int sent = 0; sent < bytes.Length;)
        {
            sent += socket.Send(bytes.AsSpan(sent));
        }
    }

    public static string Hear(this Socket socket, int length) => Encoding.ASCII.GetString(socket.ReceiveExactly(length));

    public static byte[] ReceiveExactly(this Socket socket, int length)
    {
        byte[] bytes = new byte[length];
        for (int got = 0; got < length;)
        {
            int n = socket.Receive(bytes.AsSpan(got));
            Assert.True(n > 0, $"the connection ended after {got} of {length} bytes");
            got += n;
        }

        return bytes;
    }

    public static byte[] ReceiveToEnd(this Socket socket)
    {
        var all = new MemoryStream();
        byte[] buffer = new byte[65536];
        for (int n = socket.Receive(buffer); n > 0; n = socket.Receive(buffer))
        {
            all.Write(buffer, 0, n);
        }

        return all.ToArray();
    }

    public static void Converse(this Socket socket, string words)
    {
        socket.Say(words);
        Assert.Equal(words, socket.Hear(words.Length));
    }

    /// <summary>Closes it with a reset.</summary>
    public static void Reset(this Socket socket)
    {
        socket.LingerState = new LingerOption(true, 0);
        socket.Dispose();
    }

    public static void IsReset(this Socket socket) =>
        Assert.Equal(SocketError.ConnectionReset, Assert.Throws<SocketException>(() => socket.Receive(new byte[1])).SocketErrorCode);
}
