using System.Net;
using System.Net.Sockets;

using Berth.Testing.Archives;
using Berth.Testing.Daemons;

namespace Berth.Network.Tests;

/// <summary>Debian's dockerd on the same host, with FORWARD's policy set to drop, started before and after.</summary>
public sealed class BesideDockerTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task BothAnswerOutsideWhicheverStartsFirst(bool dockerFirst)
    {
        if (!DockerDaemon.IsInstalled)
        {
            Assert.Skip("dockerd is not installed");
        }

        using var host = new TestHost();
        using var outside = new OutsideHost(host);
        await host.AddContainersAsync("c1");
        DockerDaemon? docker = dockerFirst ? await StartDockerAsync(host) : null;
        try
        {
            await using NetworkService service = await host.StartAsync();
            using Sandbox sandbox = await service.Endpoints.TakeAsync(
                "c1",
                new SandboxRequest { Endpoints = [new EndpointRequest { Network = "bridge" }], Ports = [new PortRequest(ProtocolType.Tcp, 80, IPAddress.Any, 8080, 8080)] },
                CancellationToken.None);
            using Socket server = TcpProbe.Listen(sandbox.Namespace, IPAddress.Any, 80);
            docker ??= await StartDockerAsync(host);
            await RunServerAsync(docker);
            await BothAnswerAsync(outside, sandbox);
            await ApartAsync(docker, sandbox);

            host.RunProgram("iptables-nft", "-F", "DOCKER-USER");
            await BothAnswerAsync(outside, sandbox);
            await ApartAsync(docker, sandbox);
            await AdministratorsWordCountsAsync(host, outside, sandbox);
            Assert.Contains("FORWARD DROP", host.RunProgram("iptables-nft", "-S", "FORWARD"), StringComparison.Ordinal);
        }
        finally
        {
            if (docker is not null)
            {
                await docker.DisposeAsync();
            }
        }
    }

    // Of Docker's containers ours reach what is published, of ours Docker's likewise.
    private static async Task ApartAsync(DockerDaemon docker, Sandbox sandbox)
    {
        var server = IPAddress.Parse((await docker.TextAsync("inspect", "--format", "{{.NetworkSettings.IPAddress}}", "server")).Trim());
        await TcpProbe.ReachesAsync(sandbox.Namespace, new IPEndPoint(OutsideHost.HostsAddress, 8081));
        Assert.Equal(SocketError.TimedOut, TcpProbe.Connect(sandbox.Namespace, new IPEndPoint(server, 81)));
        await docker.TextAsync("exec", "server", "nc", "-w", "5", OutsideHost.HostsAddress.ToString(), "8080", "-e", "true");
        Assert.NotEqual(0, (await docker.RunAsync("exec", "server", "nc", "-w", "1", sandbox.Endpoints[0].Address!.ToString(), "80", "-e", "true")).ExitCode);
    }

    private static async Task AdministratorsWordCountsAsync(TestHost host, OutsideHost outside, Sandbox sandbox)
    {
        host.RunProgram("iptables-nft", "-I", "DOCKER-USER", "-i", "outside0", "-j", "DROP");
        Assert.Equal(SocketError.TimedOut, TcpProbe.Connect(outside.Namespace, new IPEndPoint(OutsideHost.HostsAddress, 8080)));
        host.RunProgram("iptables-nft", "-D", "DOCKER-USER", "-i", "outside0", "-j", "DROP");
        host.RunProgram("iptables-nft", "-I", "DOCKER-USER", "-d", OutsideHost.Address.ToString(), "-j", "REJECT");
        Assert.NotNull(TcpProbe.Connect(sandbox.Namespace, outside.Server));
        host.RunProgram("iptables-nft", "-D", "DOCKER-USER", "-d", OutsideHost.Address.ToString(), "-j", "REJECT");
        await BothAnswerAsync(outside, sandbox);
    }

    // dockerd sets the policy to drop where it switches forwarding on itself. Where we run it is on, and comes back at once when it is switched off.
    private static async Task<DockerDaemon> StartDockerAsync(TestHost host)
    {
        DockerDaemon docker = await DockerDaemon.StartAsync($"/proc/{Environment.ProcessId}/fd/{host.Namespace.Number}");
        host.RunProgram("iptables-nft", "-P", "FORWARD", "DROP");
        return docker;
    }

    private static async Task BothAnswerAsync(OutsideHost outside, Sandbox sandbox)
    {
        await TestHost.UntilAsync(() => Answers(outside, 8080), "ours answers");
        await TestHost.UntilAsync(() => Answers(outside, 8081), "Docker's answers");
        Assert.Null(TcpProbe.Connect(sandbox.Namespace, outside.Server));
    }

    private static bool Answers(OutsideHost outside, int port) => TcpProbe.Connect(outside.Namespace, new IPEndPoint(OutsideHost.HostsAddress, port)) is null;

    private static async Task RunServerAsync(DockerDaemon docker)
    {
        string archive = Path.Join(docker.Folder, "busybox.tar");
        await using (Stream image = await BusyboxArchive.OpenAsync())
        await using (FileStream file = File.Create(archive))
        {
            await image.CopyToAsync(file);
        }

        await docker.TextAsync("load", "--input", archive);
        await docker.TextAsync("run", "--detach", "--name", "server", "--publish", "8081:80", "busybox", "sh", "-c", "httpd -p 81; exec httpd -f -p 80");
    }
}
