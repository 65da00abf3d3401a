using System.Buffers.Binary;
using System.Diagnostics;
using Berth.Testing.Clients;
using Berth.Testing.Daemons;
using Berth.Testing.Processes;

namespace Berth.Conformance.Tests.Endurance;

/// <summary>A gigabyte in and out again, through client, daemon and monitor, to a reader that is slow.</summary>
public sealed class BigStreamTests(ITestOutputHelper output)
{
    private const int Block = 1 << 20, Blocks = 1024;

    // What pipes and sockets on the way may hold before the sender is held back.
    private const long MostHeld = 32;

    [Fact]
    public async Task AGigabyteComesBackByteForByte()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync();
        DockerClient client = Clients.Of("28");
        using Process process = Run.Start(client.Path, ["run", "-i", "--rm", "--log-driver", "none", "busybox", "cat"], DockerClient.EnvironmentFor(daemon));
        long sent = 0, start = Stopwatch.GetTimestamp();
        Task sending = Task.Run(async () =>
        {
            byte[] block = Pattern();
            for (int i = 0; i < Blocks; i++)
            {
                Number(block, i);
                await process.StandardInput.BaseStream.WriteAsync(block);
                Interlocked.Increment(ref sent);
            }

            process.StandardInput.Close();
        });
        await HeldBackAsync(() => Interlocked.Read(ref sent));
        Assert.InRange(Interlocked.Read(ref sent), 0, MostHeld);

        byte[] expected = Pattern(), seen = new byte[Block];
        for (int i = 0; i < Blocks; i++)
        {
            await process.StandardOutput.BaseStream.ReadExactlyAsync(seen);
            Number(expected, i);
            Assert.True(seen.AsSpan().SequenceEqual(expected), $"block {i} of {Blocks} differs");
            if (i % 256 == 255)
            {
                await HeldBackAsync(() => Interlocked.Read(ref sent)); // pauses until everything stands still again
            }
        }

        Assert.Equal(0, await process.StandardOutput.BaseStream.ReadAsync(seen));
        await sending;
        await process.WaitForExitAsync();
        Assert.Equal(0, process.ExitCode);
        output.WriteLine($"{Blocks} MiB both ways in {Stopwatch.GetElapsedTime(start).TotalSeconds:F1} s");
    }

    private static async Task HeldBackAsync(Func<long> sent)
    {
        long last = -1;
        int still = 0;
        await Until.TrueAsync(
            () =>
            {
                still = sent() == last ? still + 1 : 0;
                last = sent();
                return still > 15;
            },
            "the sender is held back");
    }

    private static byte[] Pattern()
    {
        var bytes = new byte[Block];
        new Random(4711).NextBytes(bytes);
        return bytes;
    }

    // Every page of a block says which one it is, so that a lost, doubled or swapped piece cannot look right.
    private static void Number(byte[] block, int number)
    {
        for (int at = 0; at < block.Length; at += 4096)
        {
            BinaryPrimitives.WriteInt32LittleEndian(block.AsSpan(at), number);
        }
    }
}
