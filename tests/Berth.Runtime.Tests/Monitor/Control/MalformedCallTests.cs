using System.Buffers.Binary;
using System.Text;
using System.Text.Json;

using Berth.Linux.Interop;
using Berth.Oci.Monitor;

using CsCheck;

namespace Berth.Runtime.Tests.Monitor.Control;

public sealed class MalformedCallTests(BusyboxRoot root)
{
    [Theory]
    [InlineData("", 0u)]
    [InlineData("", 1u + (1024 * 1024))]
    [InlineData("", uint.MaxValue)]
    [InlineData("not json", null)]
    [InlineData("[]", null)]
    [InlineData("null", null)]
    [InlineData("{}", null)]
    [InlineData("{\"watch\":{},\"signal\":{\"signal\":9}}", null)]
    [InlineData("{\"exec\":{}}", null)]
    [InlineData("{\"exec\":5}", null)]
    [InlineData("{\"exec\":{\"id\":\"\\ud800\",\"process\":{}}}", null)]
    [InlineData("{\"signal\":{\"signal\":\"nine\"}}", null)]
    [InlineData("{\"signal\":{\"signal\":9}} {}", null)]
    [InlineData("{\"signal\":{\"signal\":9", null)]
    [InlineData("{\"resize\":{\"rows\":99999,\"columns\":1}}", null)]
    public void IsAnsweredAndClosed(string call, uint? length)
    {
        using TestMonitor monitor = TestMonitor.Start(root, new MonitorSetup("sleep", "1000"));
        using (TestConnection connection = monitor.Connect())
        {
            byte[] header = new byte[4];
            BinaryPrimitives.WriteUInt32LittleEndian(header, length ?? (uint)call.Length);
            connection.Send([.. header, .. Encoding.UTF8.GetBytes(call)]);
            MonitorReply? reply = connection.ReadFrame(MonitorJson.Default.MonitorReply);
            Assert.StartsWith("the monitor refuses", reply?.Failed?.Message, StringComparison.Ordinal);
            Assert.Equal(0, connection.Read(header));
        }

        monitor.Signal(Libc.SIGKILL);
        Assert.Equal(137, monitor.Exited().ExitCode);
    }

    /// <summary>Whatever bytes come, reading them ends with a call or with one of the two exceptions that are answered.</summary>
    [Fact]
    public void AnyBytesAreReadOrRefused()
    {
        byte[] call = Encoding.UTF8.GetBytes(
            "{\"exec\":{\"id\":\"ab\",\"process\":{\"args\":[\"sh\"],\"cwd\":\"/\",\"user\":{\"uid\":1},\"rlimits\":[{\"type\":\"x\",\"hard\":1}]},\"attach\":{\"stdin\":true}}}");
        Gen.Select(Gen.Select(Gen.Int[0, call.Length - 1], Gen.Byte).List[0, 4], Gen.Int[0, call.Length]).Sample((changes, length) =>
        {
            byte[] bytes = [.. call];
            changes.ForEach(c => bytes[c.Item1] = c.Item2);
            try
            {
                _ = MonitorReader.Call(bytes.AsSpan(0, length % 3 == 0 ? length : bytes.Length));
            }
            catch (Exception e) when (e is JsonException or InvalidOperationException)
            {
                // Answered as a refusal.
            }
        });
    }

    [Fact]
    public void ClientsThatSayNothingDoNotShutOthersOut()
    {
        using TestMonitor monitor = TestMonitor.Start(root, new MonitorSetup("sleep", "1000"));
        TestConnection[] silent = [.. Enumerable.Range(0, 300).Select(_ => monitor.Connect())];
        TestConnection begun = monitor.Connect();
        begun.Send([1, 0]);
        Assert.Null(monitor.Do(new MonitorCall { Signal = new MonitorSignal() }).Failed);
        Assert.Equal(0, silent[0].Read(new byte[1])); // the longest silent made room
        begun.Dispose();
        Array.ForEach(silent, s => s.Dispose());
        monitor.Signal(Libc.SIGKILL);
        Assert.Equal(137, monitor.Exited().ExitCode);
    }

    /// <summary>The largest call there may be, in pieces, is one call.</summary>
    [Fact]
    public void ALargeCallMayComeInPieces()
    {
        using TestMonitor monitor = TestMonitor.Start(root, new MonitorSetup("sleep", "1000"));
        using TestConnection connection = monitor.Connect();
        byte[] json = Encoding.ASCII.GetBytes("{\"signal\":{\"signal\":9}}".PadRight(1024 * 1024));
        byte[] frame = new byte[4 + json.Length];
        BinaryPrimitives.WriteInt32LittleEndian(frame, json.Length);
        json.CopyTo(frame, 4);
        for (int i = 0; i < frame.Length; i += 100_000)
        {
            connection.Send(frame.AsSpan(i, Math.Min(100_000, frame.Length - i)));
        }

        Assert.Null(connection.ReadFrame(MonitorJson.Default.MonitorReply)?.Failed);
        Assert.Equal(137, monitor.Exited().ExitCode);
    }

    [Fact]
    public void AWatcherThatNeverReadsIsNoHarm()
    {
        using TestMonitor monitor = TestMonitor.Start(root, new MonitorSetup("sleep", "1000"));
        (_, TestConnection watcher) = monitor.Call(new MonitorCall { Watch = new MonitorWatch() });
        for (int i = 0; i < 20; i++)
        {
            string id = i.ToString("x64", System.Globalization.CultureInfo.InvariantCulture);
            Assert.Null(monitor.Do(new MonitorCall { Exec = new MonitorExec { Id = id, Process = TestMonitor.Program("true") } }).Failed);
            Assert.NotNull(monitor.Next()?.ExecExited);
        }

        monitor.Signal(Libc.SIGKILL);
        Assert.Equal(137, monitor.Exited().ExitCode);
        watcher.Dispose();
    }
}
