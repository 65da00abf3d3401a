using System.IO.Pipelines;
using System.Net.Sockets;
using System.Text;
using Berth.Daemon.Hijack;
using Berth.Daemon.Http;
using Berth.Daemon.Routing;
using Berth.Daemon.Tests.Http;

namespace Berth.Daemon.Tests.Hijack;

/// <summary>Streams that take a connection over, on the real server and a real socket.</summary>
public sealed class StreamResponseTests
{
    private const string Upgrade = "POST /v1.41/x HTTP/1.1\nHost: d\nConnection: Upgrade\nUpgrade: tcp\n\n";

    [Theory]
    [InlineData("1.41", true, StreamResponse.RawType)]
    [InlineData("1.41", false, StreamResponse.RawType)]
    [InlineData("1.42", true, StreamResponse.RawType)]
    [InlineData("1.42", false, StreamResponse.MultiplexedType)]
    [InlineData("1.52", false, StreamResponse.MultiplexedType)]
    public void TheTypeFollowsVersionAndTerminal(string version, bool raw, string type)
    {
        Assert.True(ApiVersion.TryParse(version, out ApiVersion parsed));
        Assert.Equal(type, StreamResponse.TypeOf(raw, parsed));
    }

    [Fact]
    public async Task AnUpgradeIsAnsweredWith101()
    {
        await using TestServer server = await ServeAsync(static async (_, output, cancel) => await output.WriteAsync("hello"u8.ToArray(), cancel));
        using Socket socket = await server.SendAsync(Upgrade);
        string answer = await TestServer.ReadToEndAsync(socket);
        Assert.StartsWith("HTTP/1.1 101 UPGRADED\r\nContent-Type: application/vnd.docker.raw-stream\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n", answer, StringComparison.Ordinal);
        Assert.EndsWith("\r\n\r\nhello", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task OldClientsGetThe200Style()
    {
        await using TestServer server = await ServeAsync(static async (_, output, cancel) => await output.WriteAsync("hello"u8.ToArray(), cancel));
        using Socket socket = await server.SendAsync("POST /v1.24/x HTTP/1.1\nHost: d\nContent-Length: 0\n\n");
        string answer = await TestServer.ReadToEndAsync(socket);
        Assert.StartsWith("HTTP/1.1 200 OK\r\nContent-Type: application/vnd.docker.raw-stream\r\n", answer, StringComparison.Ordinal);
        Assert.DoesNotContain("Upgrade", answer, StringComparison.Ordinal);
        Assert.DoesNotContain("Transfer-Encoding", answer, StringComparison.Ordinal);
        Assert.EndsWith("\r\n\r\nhello", answer, StringComparison.Ordinal);
    }

    /// <summary>The trap that this wrapper exists for: the client half-closes at once, and everything is written after that.</summary>
    [Fact]
    public async Task WritesGoOnAfterTheClientsHalfClose()
    {
        await using TestServer server = await ServeAsync(static async (input, output, cancel) =>
        {
            Assert.True((await input.ReadAsync(cancel)).IsCompleted);

            for (int i = 0; i < 100; i++)
            {
                await output.WriteAsync(Encoding.ASCII.GetBytes($"{i} "), cancel);
            }
        });
        using Socket socket = await server.SendAsync(Upgrade);
        socket.Shutdown(SocketShutdown.Send);
        Assert.EndsWith(" 97 98 99 ", await TestServer.ReadToEndAsync(socket), StringComparison.Ordinal);
    }

    [Fact]
    public async Task InputArrivesAndItsEndIsSeen()
    {
        await using TestServer server = await ServeAsync(static (input, output, cancel) => input.CopyToAsync(output, cancel));
        using Socket socket = await server.SendAsync(Upgrade + "early ");
        await socket.SendAsync("late"u8.ToArray());
        socket.Shutdown(SocketShutdown.Send);
        Assert.EndsWith("\r\n\r\nearly late", await TestServer.ReadToEndAsync(socket), StringComparison.Ordinal);
    }

    /// <summary>exec start has a JSON body before its stream.</summary>
    [Fact]
    public async Task ARequestWithABodyIsHijackedToo()
    {
        await using TestServer server = await TestServer.StartAsync(new Route("POST", "/x", "X", static async call =>
        {
            await JsonBody.ReadAsync(call, Api.ApiJson.Default.ExecStartRequest);
            await StreamResponse.RunAsync(call, new FakeSession(raw: true, static (input, output, cancel) => input.CopyToAsync(output, cancel)));
        }));
        using Socket socket = await server.SendAsync("POST /x HTTP/1.1\nHost: d\nConnection: Upgrade\nUpgrade: tcp\nContent-Type: application/json\nContent-Length: 14\n\n{\"Tty\": false}stdin");

        // As Docker's client: its input may end as soon as it has the head, not before.
        var head = new byte[1024];
        int count = await socket.ReceiveAsync(head);
        socket.Shutdown(SocketShutdown.Send);
        string answer = Encoding.ASCII.GetString(head, 0, count) + await TestServer.ReadToEndAsync(socket);
        Assert.EndsWith("\r\n\r\nstdin", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AClientThatDiesIsSeenWhileNothingIsWritten()
    {
        var gone = new TaskCompletionSource();
        await using TestServer server = await ServeAsync(async (_, _, cancel) =>
        {
            try
            {
                await Task.Delay(Timeout.Infinite, cancel);
            }
            finally
            {
                gone.SetResult();
            }
        });
        Socket socket = await server.SendAsync(Upgrade);
        await socket.ReceiveAsync(new byte[1024]);
        Assert.False(gone.Task.IsCompleted);
        socket.Dispose();
        await gone.Task.WaitAsync(TimeSpan.FromSeconds(30));
    }

    [Fact]
    public async Task AClientThatHalfClosedIsNotTakenForDead()
    {
        var halfClosed = new TaskCompletionSource();
        var go = new TaskCompletionSource();
        await using TestServer server = await ServeAsync(async (input, output, cancel) =>
        {
            await input.ReadAsync(cancel);
            halfClosed.SetResult();
            await go.Task;
            Assert.False(cancel.IsCancellationRequested);
            await output.WriteAsync("still here"u8.ToArray(), cancel);
        });
        using Socket socket = await server.SendAsync(Upgrade);
        socket.Shutdown(SocketShutdown.Send);
        await halfClosed.Task;
        go.SetResult();
        Assert.EndsWith("still here", await TestServer.ReadToEndAsync(socket), StringComparison.Ordinal);
    }

    /// <summary>A reader that does not read holds the writer back after a bounded number of bytes, and loses none.</summary>
    [Fact]
    public async Task ASlowReaderHoldsTheWriterBackAndLosesNothing()
    {
        const int Piece = 64 * 1024, Pieces = 512;
        long written = 0;
        await using TestServer server = await ServeAsync(async (_, output, cancel) =>
        {
            var piece = new byte[Piece];
            for (int i = 0; i < Pieces; i++)
            {
                piece.AsSpan().Fill((byte)i);
                await output.WriteAsync(piece, cancel);
                Interlocked.Add(ref written, Piece);
            }
        });
        using Socket socket = await server.SendAsync(Upgrade);
        await using var stream = new NetworkStream(socket);
        await ReadHeadAsync(stream);
        var seen = new byte[Piece];
        for (int i = 0; i < Pieces; i++)
        {
            await stream.ReadExactlyAsync(seen);
            Assert.True(seen.AsSpan().IndexOfAnyExcept((byte)i) < 0);
            Assert.InRange(Interlocked.Read(ref written) - ((long)i * Piece), 0, 4 * 1024 * 1024);
        }

        Assert.Equal(0, await stream.ReadAsync(seen));
    }

    [Fact]
    public async Task TheConnectionServesNoFurtherRequest()
    {
        await using TestServer server = await ServeAsync(static async (_, output, cancel) => await output.WriteAsync("end"u8.ToArray(), cancel));
        using Socket socket = await server.SendAsync(Upgrade + "GET /v1.41/_ping HTTP/1.1\nHost: d\n\n");
        string answer = await TestServer.ReadToEndAsync(socket);
        Assert.EndsWith("\r\n\r\nend", answer, StringComparison.Ordinal);
    }

    private static Task<TestServer> ServeAsync(Func<PipeReader, PipeWriter, CancellationToken, Task> run) =>
        TestServer.StartAsync(new Route("POST", "/x", "X", call => StreamResponse.RunAsync(call, new FakeSession(raw: true, run))));

    private static async Task ReadHeadAsync(NetworkStream stream)
    {
        var end = new byte[4];
        var one = new byte[1];
        while (!end.AsSpan().SequenceEqual("\r\n\r\n"u8))
        {
            await stream.ReadExactlyAsync(one);
            end.AsSpan(1).CopyTo(end);
            end[3] = one[0];
        }
    }
}
