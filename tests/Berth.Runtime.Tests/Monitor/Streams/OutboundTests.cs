using Berth.Linux.Files;
using Berth.Linux.Polling;
using Berth.Linux.Sockets;
using Berth.Runtime.Monitor.Streams;

using CsCheck;

namespace Berth.Runtime.Tests.Monitor.Streams;

public sealed class OutboundTests
{
    /// <summary>However much fits at a time, the reader gets every byte once and in order.</summary>
    [Fact]
    public void NothingIsLostOrReordered() =>
        Gen.Select(Gen.Int[0, 8], Gen.Int[0, 90_000], Gen.Int[0, 200_000]).List[1, 20].Sample(
            static steps =>
            {
                (FileDescriptor ours, FileDescriptor theirs) = UnixSocket.Pair();
                using var outbound = new Outbound(ours);
                var sent = new List<byte>();
                var received = new List<byte>();
                NonBlocking.Set(ours);
                NonBlocking.Set(theirs);
                byte next = 0;
                foreach ((int header, int body, int read) in steps)
                {
                    byte[] bytes = new byte[header + body];
                    Array.ForEach(Enumerable.Range(0, bytes.Length).ToArray(), i => bytes[i] = next++);
                    sent.AddRange(bytes);
                    outbound.Write(bytes.AsSpan(0, header), bytes.AsSpan(header));
                    Receive(theirs, received, read);
                    outbound.Flush();
                }

                while (outbound.IsBlocked)
                {
                    Receive(theirs, received, 100_000);
                    outbound.Flush();
                }

                Receive(theirs, received, int.MaxValue);
                Assert.True(sent.SequenceEqual(received));
                ours.Dispose();
                theirs.Dispose();
            },
            iter: 30);

    [Fact]
    public void AGonePeerIsNoErrorAndKeepsNothing()
    {
        (FileDescriptor ours, FileDescriptor theirs) = UnixSocket.Pair();
        using var outbound = new Outbound(ours);
        NonBlocking.Set(ours);
        outbound.Write(new byte[2_000_000]);
        Assert.True(outbound.IsBlocked);
        theirs.Dispose();
        outbound.Flush();
        Assert.True(outbound.IsGone);
        Assert.False(outbound.IsBlocked);
        outbound.Write("more"u8);
        Assert.Equal(0, outbound.Kept);
        ours.Dispose();
    }

    [Fact]
    public void AFrameHeaderIsDockers()
    {
        byte[] header = new byte[StreamFrame.HeaderLength];
        StreamFrame.WriteHeader(header, StreamKind.Error, 0x01020304);
        Assert.Equal([2, 0, 0, 0, 1, 2, 3, 4], header);
    }

    private static void Receive(FileDescriptor from, List<byte> into, int most)
    {
        byte[] buffer = new byte[65536];
        while (most > 0)
        {
            int n = NonBlocking.Read(from, buffer.AsSpan(0, Math.Min(most, buffer.Length)));
            if (n <= 0)
            {
                return;
            }

            into.AddRange(buffer.AsSpan(0, n));
            most -= n;
        }
    }
}
