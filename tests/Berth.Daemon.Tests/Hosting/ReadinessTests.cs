using System.Net.Sockets;
using System.Text;
using Berth.Daemon.Hosting;

namespace Berth.Daemon.Tests.Hosting;

public sealed class ReadinessTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task OneDatagramIsSent(bool isAbstract)
    {
        string name = $"{Path.GetTempPath()}berth-notify-{Guid.NewGuid():N}";
        using var manager = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
        manager.Bind(new UnixDomainSocketEndPoint(isAbstract ? "\0" + name : name));
        Readiness.Notify(isAbstract ? "@" + name : name, "READY=1");
        var buffer = new byte[64];
        int count = await manager.ReceiveAsync(buffer);
        Assert.Equal("READY=1", Encoding.ASCII.GetString(buffer, 0, count));
        File.Delete(name);
    }

    [Fact]
    public void NobodyAskedIsFine() => Readiness.Notify(null, "READY=1");
}
