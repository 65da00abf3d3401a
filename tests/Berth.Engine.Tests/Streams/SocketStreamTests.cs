using System.IO.Pipelines;
using System.Net.Sockets;

using Berth.Engine.Streams;
using Berth.Linux.Files;
using Berth.Linux.Processes;

using Pipe = System.IO.Pipelines.Pipe;

namespace Berth.Engine.Tests.Streams;

public sealed class SocketStreamTests
{
    [Fact]
    public async Task BytesGoBothWaysAndTheEndOfInputEndsNothing()
    {
        (Socket ours, Socket theirs) = Pair();
        using (ours)
        using (theirs)
        {
            Pipe input = new(), output = new();
            Task<bool> pump = SocketStream.PumpAsync(ours, input.Reader, output.Writer, null, CancellationToken.None);
            await input.Writer.WriteAsync("in"u8.ToArray());
            await input.Writer.CompleteAsync();
            byte[] buffer = new byte[10];
            Assert.Equal(2, await theirs.ReceiveAsync(buffer));
            Assert.Equal(0, await theirs.ReceiveAsync(buffer)); // half-closed
            await theirs.SendAsync("out"u8.ToArray());
            ReadResult read = await output.Reader.ReadAsync();
            Assert.Equal(3, read.Buffer.Length);
            Assert.False(pump.IsCompleted);
            theirs.Shutdown(SocketShutdown.Send);
            Assert.False(await pump);
        }
    }

    [Fact]
    public async Task DetachKeysEndIt()
    {
        (Socket ours, Socket theirs) = Pair();
        using (ours)
        using (theirs)
        {
            Pipe input = new(), output = new();
            Task<bool> pump = SocketStream.PumpAsync(ours, input.Reader, output.Writer, DetachKeys.Default, CancellationToken.None);
            await input.Writer.WriteAsync(new byte[] { (byte)'a', 16 });
            await input.Writer.WriteAsync(new byte[] { 17 });
            Assert.True(await pump);
            byte[] buffer = new byte[10];
            Assert.Equal(1, await theirs.ReceiveAsync(buffer));
        }
    }

    [Fact]
    public async Task AGoneClientEndsIt()
    {
        (Socket ours, Socket theirs) = Pair();
        using (ours)
        using (theirs)
        {
            using var gone = new CancellationTokenSource();
            Task<bool> pump = SocketStream.PumpAsync(ours, new Pipe().Reader, new Pipe().Writer, null, gone.Token);
            await gone.CancelAsync();
            Assert.False(await pump);
        }
    }

    [Fact]
    public async Task MegabytesArriveByteForByte()
    {
        (Socket ours, Socket theirs) = Pair();
        using (ours)
        using (theirs)
        {
            byte[] data = new byte[8 << 20];
            new Random(1).NextBytes(data);
            using var received = new MemoryStream();
            var writer = PipeWriter.Create(received);
            Task<bool> pump = SocketStream.PumpAsync(ours, null, writer, null, CancellationToken.None);
            await theirs.SendAsync(data);
            theirs.Shutdown(SocketShutdown.Send);
            await pump;
            await writer.CompleteAsync();
            Assert.Equal(data, received.ToArray());
        }
    }

    private static (Socket Ours, Socket Theirs) Pair()
    {
        (FileDescriptor a, FileDescriptor b) = SocketPair.Create();
        return (new Socket(new SafeSocketHandle(a.Release(), true)), new Socket(new SafeSocketHandle(b.Release(), true)));
    }
}
