using Berth.Cli.Commands.Images;
using Berth.Cli.Http;
using Berth.Cli.Json;

namespace Berth.Cli.Tests.Commands;

/// <summary>What another daemon has, by its own words.</summary>
public sealed class FarImagesTests : IDisposable
{
    private static readonly string A = Hex('a'), B = Hex('b'), C = Hex('c');
    private readonly FakeDaemon daemon = new();

    public void Dispose() => daemon.Dispose();

    [Fact]
    public void TheLongestStackThatIsThereIsFound()
    {
        daemon.On("GET /info", "{}").On("GET /images/json?all=1", """[{"Id":"sha256:1"},{"Id":"sha256:2"},{"Id":"sha256:3"},{"Id":"sha256:2"}]""")
            .On("GET /images/sha256:1/json", Image(A)).On("GET /images/sha256:2/json", Image(A, B)).On("GET /images/sha256:3/json", """{"message":"gone"}""", 404);
        FarImages far = FarImages.Of(Far());
        Assert.Equal(2, far.LowestOf(Read(Image(A, B, C))));
        Assert.Equal(2, far.LowestOf(Read(Image(A, B))));
        Assert.Equal(1, far.LowestOf(Read(Image(A, C, B))));
        Assert.Equal(0, far.LowestOf(Read(Image(B))));
        Assert.Equal(0, far.LowestOf(Read(Image())));
        Assert.Equal(5, daemon.Requests.Count);
    }

    [Fact]
    public void ManyImagesAreAskedAheadOnOneConnection()
    {
        const int Many = 200;
        daemon.On("GET /info", "{}").On("GET /images/json?all=1", "[" + string.Join(',', Enumerable.Range(0, Many).Select(static i => $$"""{"Id":"sha256:i{{i}}x"}""")) + "]");
        for (int i = 0; i < Many; i++)
        {
            daemon.On($"GET /images/sha256:i{i}x/json", Image(Digest(i)));
        }

        FarImages far = FarImages.Of(Far());
        Assert.All(Enumerable.Range(0, Many), i => Assert.Equal(1, far.LowestOf(Read(Image(Digest(i), A)))));
    }

    [Fact]
    public void WhereBlobsAreWantedNothingIsLeftOut()
    {
        daemon.On("GET /info", """{"DriverStatus":[["driver-type","io.containerd.snapshotter.v1"]]}""");
        Assert.Equal(0, FarImages.Of(Far()).LowestOf(Read(Image(A))));
        Assert.Single(daemon.Requests);
    }

    private static string Hex(char digit) => "sha256:" + new string(digit, 64);

    private static string Digest(int number) => $"sha256:{number:x64}";

    private static string Image(params string[] layers) => $$"""{"RootFS":{"Type":"layers","Layers":[{{string.Join(',', layers.Select(static l => $"\"{l}\""))}}] } }""";

    private static JsonObject Read(string json) => JsonParser.ParseObject(System.Text.Encoding.UTF8.GetBytes(json));

    private ApiClient Far() => new(Endpoint.Parse(daemon.Address), "");
}
