namespace Berth.Cli.Tests.Commands;

/// <summary>What the listing commands print for recorded answers. The same answers were shown by Docker's client when the files were first written.</summary>
public sealed class ListingTests
{
    [Theory]
    [InlineData("ps", "ps -a")]
    [InlineData("ps-no-trunc", "ps -a --no-trunc")]
    [InlineData("ps-size", "ps -a -s")]
    [InlineData("ps-quiet", "ps -aq")]
    [InlineData("ps-json", "ps -a --format json")]
    [InlineData("ps-table", "ps -a --format|table {{.Names}}\\t{{.Label \"a\"}}\\t{{.Ports}}\\t{{upper .State}}")]
    [InlineData("ps-template", "ps -a --format|{{.ID}}: {{.Names}} {{.RunningFor}} {{.CreatedAt}} {{.Mounts}} {{.LocalVolumes}} {{.Networks}} {{.Labels}} {{.Size}}")]
    [InlineData("ps-unknown-field", "ps -a --format|{{.Foo}}")]
    [InlineData("ps-method", "ps -a --format|{{.Label}}")]
    [InlineData("ps-malformed", "ps -a --format|{{.Names")]
    [InlineData("images", "images")]
    [InlineData("images-digests", "images --digests")]
    [InlineData("images-quiet", "images -q")]
    [InlineData("images-no-trunc", "images --no-trunc")]
    [InlineData("images-json", "images --format json")]
    [InlineData("images-template", "image ls --format|{{.Repository}}:{{.Tag}}@{{.Digest}} {{.Size}} {{.CreatedAt}} {{.CreatedSince}} {{.SharedSize}} {{.UniqueSize}} {{.Containers}}")]
    [InlineData("volumes", "volume ls")]
    [InlineData("volumes-quiet", "volume ls -q")]
    [InlineData("volumes-json", "volume ls --format json")]
    [InlineData("networks", "network ls")]
    [InlineData("networks-json", "network ls --no-trunc --format json")]
    [InlineData("top", "top web")]
    [InlineData("port", "port web")]
    [InlineData("port-one", "port web 80")]
    [InlineData("port-udp", "port web 53/udp")]
    [InlineData("port-none", "port web 443")]
    [InlineData("info", "info")]
    [InlineData("info-template", "info --format|{{.Driver}} {{.NCPU}} {{.Plugins.Volume}} {{.ClientInfo.Version}}")]
    [InlineData("version", "version")]
    [InlineData("version-template", "version --format|{{.Server.Version}} {{.Server.APIVersion}} {{.Client.APIVersion}} {{range .Server.Components}}{{.Name}};{{end}}")]
    [InlineData("events", "events --until 1s")]
    [InlineData("events-json", "events --until 1s --format json")]
    [InlineData("events-template", "events --until 1s --format|{{.Type}} {{.Action}} {{.ID}} {{.Actor.Attributes.name}} {{.Time}} {{.Status}}")]
    [InlineData("inspect", "inspect web")]
    [InlineData("inspect-two", "inspect web busybox nosuch")]
    [InlineData("inspect-json", "inspect -f json web")]
    [InlineData("inspect-none", "inspect nosuch")]
    [InlineData("inspect-wrong-kind", "container inspect busybox")]
    [InlineData("inspect-wrong-kind-image", "image inspect web")]
    public void IsAsWritten(string name, string line)
    {
        using FakeDaemon daemon = Daemon();
        string[] words = line.Split('|') is [string head, string format] ? [.. head.Split(' '), format] : line.Split(' ');
        Golden.Check($"commands/{name}.txt", Client.Run(daemon, words).ToString());
    }

    [Theory]
    [InlineData("ps -a -n 3 -f status=exited -f status=paused -f label=a=b", "GET /containers/json?all=1&filters=%7B%22status%22:%7B%22exited%22:true%2C%22paused%22:true%7D%2C%22label%22:%7B%22a%3Db%22:true%7D%7D&limit=3")]
    [InlineData("ps -l", "GET /containers/json?limit=1")]
    [InlineData("ps -s", "GET /containers/json?size=1")]
    [InlineData("images -a busy*", "GET /images/json?all=1&filters=%7B%22reference%22:%7B%22busy%2A%22:true%7D%7D")]
    [InlineData("inspect -s --type container web", "GET /containers/web/json?size=1")]
    [InlineData("top web -o pid,comm", "GET /containers/web/top?ps_args=-o%20pid%2Ccomm")]
    public void AsksForIt(string line, string request)
    {
        using FakeDaemon daemon = Daemon();
        Client.Run(daemon, line.Split(' '));
        Assert.Equal(request, Assert.Single(daemon.Requests).Line);
    }

    private static FakeDaemon Daemon() => new FakeDaemon()
        .On("GET /", """{"message":"page not found"}""", 404)
        .On("GET /containers/", """{"message":"No such container: x"}""", 404)
        .On("GET /images/", """{"message":"No such image: x:latest"}""", 404)
        .On("GET /volumes/", """{"message":"get x: no such volume"}""", 404)
        .On("GET /networks/", """{"message":"network x not found"}""", 404)
        .Recorded("GET /containers/json", "containers.json").Recorded("GET /containers/web/json", "container.json").Recorded("GET /containers/web/top", "top.json")
        .Recorded("GET /images/json", "images.json").Recorded("GET /images/busybox/json", "image.json")
        .Recorded("GET /volumes", "volumes.json").On("GET /volumes/", """{"message":"get x: no such volume"}""", 404)
        .Recorded("GET /networks", "networks.json").On("GET /networks/", """{"message":"network x not found"}""", 404)
        .Recorded("GET /info", "info.json").Recorded("GET /version", "version.json")
        .On("GET /events", _ => FakeAnswer.Chunked("application/json", [.. File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Recorded/events.json")).Chunk(700)]));
}
