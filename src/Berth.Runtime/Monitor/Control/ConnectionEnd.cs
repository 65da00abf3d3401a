using Berth.Linux.Files;
using Berth.Linux.Memory;
using Berth.Linux.Polling;
using Berth.Linux.Sockets;

namespace Berth.Runtime.Monitor.Control;

/// <summary>How the monitor closes a connection.</summary>
internal static class ConnectionEnd
{
    /// <summary>
    /// Closes so that the client reads what was sent and then the end of file. Closing a socket that holds unread bytes would reset it,
    /// and the client would get ECONNRESET in place of the end (af_unix.c, unix_release_sock), so they are read first, and no more let in.
    /// </summary>
    public static void Close(FileDescriptor connection, PageBuffer scratch)
    {
        if (UnixSocket.ShutdownBoth(connection))
        {
            while (NonBlocking.Read(connection, scratch.Bytes) > 0)
            {
            }
        }

        connection.Dispose();
    }
}
