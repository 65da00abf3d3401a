using System.Text.Json;

using Berth.Api;
using Berth.Engine.Containers;
using Berth.Oci.Images;
using Berth.Storage;

using ImageConfig = Berth.Oci.Images.ImageConfig;

namespace Berth.Engine.Tests.Containers;

public sealed class CommittedConfigTests
{
    private static readonly ContainerConfig Container = new()
    {
        User = "eve", Env = ["A=1", "B=2"], Cmd = ["sleep", "1"], Entrypoint = ["/entry"], WorkingDir = "/srv", Labels = new Dictionary<string, string> { ["l"] = "1" },
        ExposedPorts = new Dictionary<string, JsonElement> { ["80/tcp"] = default }, Hostname = "host", Tty = true, StopSignal = "SIGINT", StopTimeout = 3,
    };

    private static readonly CommitOptions Plain = new() { Container = "c" };

    [Fact]
    public void ItIsTheContainersOwn()
    {
        ImageConfig config = CommittedConfig.Of(Container, new ImageConfig { Healthcheck = new Healthcheck { Test = ["CMD", "x"] } }, Plain);
        Assert.Equal(("eve", "/srv", "SIGINT", 3), (config.User, config.WorkingDir, config.StopSignal, config.StopTimeout));
        Assert.Equal(["A=1", "B=2"], config.Env);
        Assert.Equal(["sleep", "1"], config.Cmd);
        Assert.Equal(["/entry"], config.Entrypoint);
        Assert.Equal(["80/tcp"], config.ExposedPorts!.Keys);
        Assert.Equal(["CMD", "x"], config.Healthcheck!.Test);
    }

    [Fact]
    public void ChangesGoOverIt()
    {
        ImageConfig config = CommittedConfig.Of(Container, null, Plain with { Changes = ["ENV B=3", "WORKDIR sub", "USER root", "LABEL m=2"] });
        Assert.Equal(["A=1", "B=3"], config.Env);
        Assert.Equal(("root", "/srv/sub"), (config.User, config.WorkingDir));
        Assert.Equal(2, config.Labels!.Count);
        Assert.Throws<EngineException>(() => CommittedConfig.Of(Container, null, Plain with { Changes = ["RUN x"] }));
    }

    /// <summary>As in a Dockerfile, where the command belonged to the old entrypoint.</summary>
    [Theory]
    [InlineData("ENTRYPOINT [\"/new\"]", null)]
    [InlineData("CMD [\"b\"]\nENTRYPOINT [\"/new\"]", "b")]
    [InlineData("ENTRYPOINT [\"/new\"]\nCMD [\"b\"]", "b")]
    [InlineData("USER x", "sleep")]
    public void ANewEntrypointDropsTheCommand(string changes, string? first) =>
        Assert.Equal(first, CommittedConfig.Of(Container, null, Plain with { Changes = [changes] }).Cmd?[0]);

    [Fact]
    public void TheRequestsConfigurationGoesOverTheContainers()
    {
        ImageConfig config = CommittedConfig.Of(Container, null, Plain with { Config = new ContainerConfig { Env = ["B=9"], Cmd = ["other"] } });
        Assert.Equal(["B=9", "A=1"], config.Env);
        Assert.Equal(["other"], config.Cmd);
        Assert.Equal("eve", config.User);
    }
}
