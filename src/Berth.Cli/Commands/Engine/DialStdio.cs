using Berth.Cli.CommandLine;
using Berth.Cli.Http;
using Berth.Linux;
using Berth.Linux.Files;
using Berth.Linux.Sockets;

namespace Berth.Cli.Commands.Engine;

/// <summary>berth system dial-stdio: joins the standard streams to the daemon. What clients elsewhere run here through ssh, Docker's too.</summary>
internal static class DialStdio
{
    private const int Piece = 128 << 10;

    public static Command Row { get; } = new("dial-stdio", "", "Join the standard streams to the daemon's socket, for clients that come through ssh")
    {
        Hidden = true,
        Run = Execute,
    };

    private static int Execute(Invocation call)
    {
        using HttpConnection connection = call.Api.Connect();
        StreamSocket socket = connection.Socket;
        var input = new Thread(() => Send(socket)) { IsBackground = true };
        input.Start();
        byte[] buffer = new byte[Piece];
        for (int got; (got = socket.Receive(buffer)) > 0;)
        {
            StandardStream.Output.WriteAll(buffer.AsSpan(0, got));
        }

        return 0;
    }

    private static void Send(StreamSocket socket)
    {
        try
        {
            byte[] buffer = new byte[Piece];
            for (int got; (got = StandardStream.Input.Read(buffer)) > 0;)
            {
                socket.SendAll(buffer.AsSpan(0, got));
            }
        }
        catch (LinuxException)
        {
            // The daemon takes no more; what it still says is read to its end.
        }

        socket.ShutdownSend();
    }
}
