using Berth.Linux.Files;
using Berth.Linux.Interop;
using Berth.Network;
using Berth.Oci.Monitor;
using Berth.Storage;

namespace Berth.Engine.Tests.Monitors;

/// <summary>What a monitor gets when ports are changed.</summary>
public sealed class ChangePortsTests : IDisposable
{
    private readonly TestMonitor _monitor = new();

    [Fact]
    public async Task ThoseWithASocketComeWithADescriptorEach()
    {
        Task<List<(MonitorPorts Call, int Descriptors)>> calls = _monitor.ServeAsync(3, "{}");
        using FileDescriptor socket = FileDescriptor.Open("/dev/null", Libc.O_RDONLY);
        ReservedPort[] add = [.. Enumerable.Range(1, 600).Select(i => new ReservedPort(Port(i), i % 2 == 0 ? socket : null))];
        using var link = _monitor.Link("c1");
        await link.ChangePortsAsync(add, [new MonitorPortKey { Protocol = "udp", HostAddress = "::", HostPort = 7 }], TestContext.Current.CancellationToken);
        List<(MonitorPorts Call, int Descriptors)> got = await calls;
        Assert.Equal([125, 125, 50], got.Select(c => c.Descriptors));
        Assert.Equal(add.Select(p => p.Port), got.SelectMany(c => c.Call.Add));
        Assert.Equal([1, 0, 0], got.Select(c => c.Call.Remove.Count));
    }

    [Fact]
    public async Task ARemovalAloneIsOneCall()
    {
        Task<List<(MonitorPorts Call, int Descriptors)>> calls = _monitor.ServeAsync(1, "{}");
        using var link = _monitor.Link("c1");
        await link.ChangePortsAsync([], [new MonitorPortKey { Protocol = "udp", HostAddress = "::", HostPort = 7 }], TestContext.Current.CancellationToken);
        (MonitorPorts call, int descriptors) = Assert.Single(await calls);
        Assert.Equal((0, 1, 0), (call.Add.Count, call.Remove.Count, descriptors));
    }

    [Fact]
    public async Task ARefusalIsSaid()
    {
        Task calls = _monitor.ServeAsync(1, """{"failed":{"exitCode":128,"step":"ports","errno":0,"message":"changing ports failed: why"}}""");
        using var link = _monitor.Link("c1");
        EngineException e = await Assert.ThrowsAsync<EngineException>(() => link.ChangePortsAsync([new ReservedPort(Port(1), null)], [], TestContext.Current.CancellationToken));
        Assert.Contains("changing ports failed: why", e.Message, StringComparison.Ordinal);
        await calls;
    }

    public void Dispose() => _monitor.Dispose();

    private static MonitorPort Port(int number) => new() { Protocol = "tcp", HostAddress = "0.0.0.0", HostPort = (ushort)number };
}
