using System.Diagnostics;
using System.Text;

namespace Berth.Cli.Tests.Streams;

/// <summary>The built program with real pipes in front of a container's streams.</summary>
public sealed class ForegroundTests
{
    private static readonly string Program = Path.Combine(AppContext.BaseDirectory, "berth");

    /// <summary>More than all buffers on the way hold, in both directions at once: whoever waits for one side to finish hangs.</summary>
    [Fact]
    public async Task InputAndOutputFlowTogether()
    {
        byte[] sent = new byte[8 * 1024 * 1024];
        new Random(1).NextBytes(sent);
        using FakeDaemon daemon = Echoing();
        using Process client = Start(daemon, "run", "-i", "busybox", "cat");
        Task<byte[]> reading = ReadAll(client.StandardOutput.BaseStream);
        await client.StandardInput.BaseStream.WriteAsync(sent);
        client.StandardInput.Close();
        Assert.Equal(sent, await reading);
        await client.WaitForExitAsync();
        Assert.Equal(0, client.ExitCode);
    }

    /// <summary>A container that ends while we still hold the input open ends us too.</summary>
    [Fact]
    public async Task AnOpenInputDoesNotHoldUs()
    {
        using FakeDaemon daemon = Daemon(_ => FakeAnswer.Upgrade(FakeAnswer.Frame(1, "bye\n")));
        using Process client = Start(daemon, "run", "-i", "busybox", "true");
        Assert.Equal("bye\n", Encoding.UTF8.GetString(await ReadAll(client.StandardOutput.BaseStream)));
        await client.WaitForExitAsync();
        Assert.Equal(0, client.ExitCode);
    }

    [Fact]
    public async Task SignalsAreSentOn()
    {
        using var killed = new ManualResetEventSlim();
        using FakeDaemon daemon = Daemon(_ => FakeAnswer.Upgrade(FakeAnswer.Frame(1, "ready\n")) with { Then = _ => killed.Wait(TimeSpan.FromSeconds(30)) })
            .On("POST /containers/x/kill", _ =>
            {
                killed.Set();
                return FakeAnswer.Nothing();
            });
        using Process client = Start(daemon, "run", "busybox", "sleep");
        Assert.Equal("ready", await client.StandardOutput.ReadLineAsync());
        using (Process kill = Process.Start("/bin/kill", ["-USR1", client.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]))
        {
            await kill.WaitForExitAsync();
        }

        await client.WaitForExitAsync();
        Assert.Equal(0, client.ExitCode);
        Assert.Contains(daemon.Requests, r => r.Line == "POST /containers/x/kill?signal=USR1");
    }

    /// <summary>As every filter does: no complaint when nobody reads any more.</summary>
    [Fact]
    public async Task AClosedPipeEndsUsQuietly()
    {
        using FakeDaemon daemon = new FakeDaemon().On("GET /containers/json", $"[{string.Join(',', Enumerable.Range(0, 20_000).Select(i => $$"""{"Id":"{{i}}","Names":["/n{{i}}"]}"""))}]");
        using Process client = Start(daemon, "ps");
        _ = await client.StandardOutput.ReadLineAsync();
        client.StandardOutput.Close();
        Assert.Equal("", await client.StandardError.ReadToEndAsync());
        await client.WaitForExitAsync();
        Assert.Equal(128 + 13, client.ExitCode);
    }

    private static FakeDaemon Echoing() => Daemon(_ => FakeAnswer.Upgrade() with
    {
        Then = static stream =>
        {
            byte[] buffer = new byte[100_000];
            for (int got; (got = stream.Read(buffer)) > 0;)
            {
                byte[] frame = new byte[8 + got];
                frame[0] = 1;
                System.Buffers.Binary.BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(4), got);
                buffer.AsSpan(0, got).CopyTo(frame.AsSpan(8));
                stream.Write(frame);
            }
        },
    });

    private static FakeDaemon Daemon(Func<FakeRequest, FakeAnswer> attach) => new FakeDaemon()
        .On("POST /containers/create", """{"Id":"x","Warnings":[]}""", 201)
        .On("POST /containers/x/attach", attach)
        .On("POST /containers/x/wait", """{"StatusCode":0}""")
        .On("POST /containers/x/start", _ => FakeAnswer.Nothing());

    private static Process Start(FakeDaemon daemon, params string[] words)
    {
        var start = new ProcessStartInfo(Program, words) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["DOCKER_HOST"] = daemon.Address;
        return Process.Start(start)!;
    }

    private static async Task<byte[]> ReadAll(Stream stream)
    {
        using var all = new MemoryStream();
        await stream.CopyToAsync(all);
        return all.ToArray();
    }
}
