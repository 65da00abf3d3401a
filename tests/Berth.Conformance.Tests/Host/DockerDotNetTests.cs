using System.Text;
using Docker.DotNet;
using Docker.DotNet.Models;

namespace Berth.Conformance.Tests.Host;

/// <summary>An SDK that is not Go's.</summary>
public sealed class DockerDotNetTests(DaemonFixture fixture) : IClassFixture<DaemonFixture>
{
    [Fact]
    public async Task ALifeOfAContainer()
    {
        using DockerClient client = new DockerClientConfiguration(new Uri($"unix://{fixture.Daemon.Socket}")).CreateClient();
        Assert.Equal("1.52", (await client.System.GetVersionAsync()).APIVersion);
        CreateContainerResponse created = await client.Containers.CreateContainerAsync(new CreateContainerParameters
        {
            Image = "busybox",
            Name = "sdk",
            Cmd = ["sh", "-c", "read x; echo got $x; echo err >&2; exit 8"],
            OpenStdin = true,
            StdinOnce = true,
            AttachStdin = true,
            AttachStdout = true,
            AttachStderr = true,
        });
        using MultiplexedStream stream = await client.Containers.AttachContainerAsync(
            created.ID, tty: false, new ContainerAttachParameters { Stream = true, Stdin = true, Stdout = true, Stderr = true });
        Assert.True(await client.Containers.StartContainerAsync(created.ID, new ContainerStartParameters()));
        byte[] line = Encoding.ASCII.GetBytes("this\n");
        await stream.WriteAsync(line, 0, line.Length, default);
        stream.CloseWrite();
        Assert.Equal(("got this\n", "err\n"), await stream.ReadOutputToEndAsync(default));
        Assert.Equal(8, (await client.Containers.WaitContainerAsync(created.ID)).StatusCode);
        ContainerInspectResponse inspected = await client.Containers.InspectContainerAsync(created.ID);
        Assert.Equal(("/sdk", "exited", 8L), (inspected.Name, inspected.State.Status, inspected.State.ExitCode));
        Assert.Contains(await client.Containers.ListContainersAsync(new ContainersListParameters { All = true }), c => c.ID == created.ID);
        await client.Containers.RemoveContainerAsync(created.ID, new ContainerRemoveParameters());
    }
}
