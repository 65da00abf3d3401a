using Berth.Api;
using Berth.Engine.Spec;
using Berth.Storage;

namespace Berth.Engine.Tests.Spec;

public sealed class ConfigMergeTests
{
    private static readonly ContainerConfig Image = new() { Entrypoint = ["/entry"], Cmd = ["image"], Env = ["A=1", "B=2"], User = "app", WorkingDir = "/srv", Labels = new Dictionary<string, string> { ["x"] = "1", ["y"] = "1" } };

    [Fact]
    public void NothingAskedTakesTheImages() => Assert.Equal(["/entry", "image"], Arguments(new ContainerConfig()));

    [Fact]
    public void ACommandIsForTheImagesEntrypoint() => Assert.Equal(["/entry", "own"], Arguments(new ContainerConfig { Cmd = ["own"] }));

    [Fact]
    public void AnEntrypointTakesTheImagesCommandAway() => Assert.Equal(["/own"], Arguments(new ContainerConfig { Entrypoint = ["/own"] }));

    [Fact]
    public void AnEmptyEntrypointTakesTheImagesAway() => Assert.Equal(["own"], Arguments(new ContainerConfig { Entrypoint = [""], Cmd = ["own"] }));

    [Fact]
    public void NothingToRunIsRefused() =>
        Assert.Equal("no command specified", Assert.Throws<EngineException>(() => ConfigMerge.Of(new ContainerConfig(), new ContainerConfig())).Message);

    [Fact]
    public void MapsAreMergedAndTheRequestWins()
    {
        ContainerConfig merged = ConfigMerge.Of(new ContainerConfig { Env = ["B=3", "C"], Labels = new Dictionary<string, string> { ["y"] = "2" }, User = "root" }, Image);
        Assert.Equal(["B=3", "C", "A=1"], merged.Env);
        Assert.Equal("root", merged.User);
        Assert.Equal("/srv", merged.WorkingDir);
        Assert.Equal(("1", "2"), (merged.Labels!["x"], merged.Labels["y"]));
    }

    [Fact]
    public void TheEnvironmentHasDefaultsThatMayBeTakenAway()
    {
        Assert.Equal(["PATH=/x", "HOSTNAME=h", "HOME=/root", "A=b"], ContainerEnvironment.Of(["PATH=/x", "HOME=/root", "A=b"], "h", false, "/home"));
        Assert.Equal(["HOSTNAME=h", "TERM=xterm", "HOME=/home"], ContainerEnvironment.Of(["PATH"], "h", true, "/home"));
        Assert.Equal([ContainerEnvironment.DefaultPath, "HOSTNAME=h", "A=2", "HOME=/"], ContainerEnvironment.OfExec(["A=1"], ["A=2"], "h", false, "/"));
    }

    private static IReadOnlyList<string> Arguments(ContainerConfig request) => ConfigMerge.Arguments(ConfigMerge.Of(request, Image));
}
