using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;

using Berth.Images.Archives;
using Berth.Images.Provenance;
using Berth.Images.Pull;
using Berth.Images.Registries;
using Berth.Images.Tests.Pull;
using Berth.Images.Tests.Registries;
using Berth.Oci.Images;
using Berth.Oci.References;
using Berth.Storage;
using Berth.Tests;

namespace Berth.Images.Tests.Provenance;

/// <summary>What is stated of an image comes along with it.</summary>
public sealed class AttestationTests : IDisposable
{
    private const string Provenance = "https://slsa.dev/provenance/v1", Sbom = "https://spdx.dev/Document";
    private const string Statement = """{"_type":"https://in-toto.io/Statement/v0.1","predicateType":"https://slsa.dev/provenance/v1"}""";
    private readonly TestImages _images = new();
    private readonly ScriptedRepository _repository = new();
    private readonly ConcurrentQueue<string> _lines = new();
    private readonly ScriptedServer _server;
    private readonly RegistryOptions _options;
    private readonly string _folder;

    public AttestationTests()
    {
        _server = new ScriptedServer(_repository.Answer);
        _folder = _images.Root.Scratch("hosts");
        _options = _server.Options(_folder);
    }

    public void Dispose()
    {
        _server.Dispose();
        _images.Dispose();
    }

    [Fact]
    public async Task BuildKitsAreFoundInTheIndex()
    {
        Descriptor image = Image(), arm = _repository.Image("", [Tar("arm")], "arm64");
        Descriptor mine = InIndex(image, InToto(Statement, Provenance), InToto("""{"sbom":1}""", Sbom), InToto("{}", null)), theirs = InIndex(arm, InToto("""{"arm":1}""", Provenance));
        _repository.Index("v1", mine, theirs, arm, image);
        await PullAsync("x:v1");

        Assert.Equal([Provenance, Sbom], List("x:v1").Select(static a => a.PredicateType));
        Assert.All(List("x:v1"), static a => Assert.Null(a.Statement));
        Attestation one = Assert.Single(List("x:v1", [Provenance, "other"], withStatements: true));
        Assert.Equal((Statement, "application/vnd.in-toto+json", Statement.Length), (Encoding.UTF8.GetString(one.Statement!), one.Descriptor.MediaType, one.Descriptor.Size));
        Assert.Empty(List("x:v1", ["other"]));
        EngineException refused = Assert.Throws<EngineException>(() => Service().List(Name("x:v1"), new Platform { Os = "linux", Architecture = "arm64" }, [], false));
        Assert.Equal(EngineErrorKind.NotFound, refused.Kind);

        // They belong to the image: the collector leaves them, and takes them with it.
        StorageServices services = _images.Root.Services;
        await services.Collector.CollectAsync(TestContext.Current.CancellationToken);
        Assert.Equal(2, List("x:v1", [], withStatements: true).Count);
        await _images.Store.RemoveAsync(Name("x:v1"), true, false, TestContext.Current.CancellationToken);
        Assert.Equal(0, services.Database.Read(s => s.Number("SELECT count(*) FROM blobs")));
    }

    [Fact]
    public async Task WhatRefersToAnImageIsFoundAndTakenOutOfItsEnvelope()
    {
        Descriptor image = Image("v1");
        string envelope = JsonSerializer.Serialize(new { payloadType = "application/vnd.in-toto+json", payload = Convert.ToBase64String(Encoding.UTF8.GetBytes(Statement)) });
        Descriptor dsse = _repository.Blob(Encoding.UTF8.GetBytes(envelope), "application/vnd.dsse.envelope.v1+json") with { Annotations = new Dictionary<string, string> { ["predicateType"] = Provenance } };
        Descriptor bundle = _repository.Blob(Encoding.UTF8.GetBytes($$"""{"dsseEnvelope":{{envelope}} }"""), "application/vnd.dev.sigstore.bundle.v0.3+json");
        Refer(
            image,
            (Manifest(image, null, dsse), "application/vnd.dsse.envelope.v1+json"),
            (Manifest(image, new Dictionary<string, string> { ["dev.sigstore.bundle.predicateType"] = Sbom }, bundle), "application/vnd.dev.sigstore.bundle.v0.3+json"),
            (Manifest(image, null, dsse), "application/x-other"));
        await PullAsync("x:v1");
        IReadOnlyList<Attestation> found = List("x:v1", [], withStatements: true);
        Assert.Equal([Provenance, Sbom], found.Select(static a => a.PredicateType).Order(StringComparer.Ordinal));
        Assert.All(found, static a => Assert.Equal(Statement, Encoding.UTF8.GetString(a.Statement!)));
    }

    [Fact]
    public async Task TheyAreSavedAndLoadedAlong()
    {
        Descriptor image = Image();
        _repository.Index("v1", InIndex(image, InToto(Statement, Provenance)), image);
        await PullAsync("x:v1");
        StorageServices services = _images.Root.Services;
        using var whole = new MemoryStream();
        using (SavedArchive archive = new ImageSaver(services.Database, services.Content, services.Layers, _images.Store).Open(new SaveRequest { Names = [Name("x:v1")] }))
        {
            archive.Write(whole, TestContext.Current.CancellationToken);
        }

        using var other = new TestImages();
        await other.LoadAsync(new MemoryStream(whole.ToArray()));
        Attestation one = Assert.Single(new ImageAttestations(other.Root.Services.Database, other.Root.Services.Content, other.Store).List(Name("x:v1"), null, [], true));
        Assert.Equal(Statement, Encoding.UTF8.GetString(one.Statement!));
    }

    [Fact]
    public async Task WhatCannotBeHadIsToldAndTheImageComes()
    {
        Descriptor image = Image();
        Descriptor large = InToto(Statement, Provenance) with { Size = 1L << 40 };
        _repository.Index("gone", image, image with { Digest = "sha256:" + new string('a', 64), Annotations = InIndex(image).Annotations });
        _repository.Index("large", image, InIndex(image, large));
        await PullAsync("x:gone");
        await PullAsync("x:large");
        Assert.Equal(2, _lines.Count(static l => l.StartsWith("WARNING: attestations of sha256:", StringComparison.Ordinal)));
        Assert.Empty(List("x:gone"));
    }

    [Fact]
    public async Task AnImageWithoutAnyHasNone()
    {
        Image("v1");
        await PullAsync("x:v1");
        Assert.Empty(List("x:v1"));
        Assert.Equal(EngineErrorKind.NotFound, Assert.Throws<EngineException>(() => List("none")).Kind);
    }

    private static byte[] Tar(string content) => new TarBuilder().File("f", content).Build();

    private Descriptor Image(string tag = "") => _repository.Image(tag, [Tar("first")]);

    private Descriptor InToto(string statement, string? type) => _repository.Blob(Encoding.UTF8.GetBytes(statement), "application/vnd.in-toto+json")
        with { Annotations = type is null ? null : new Dictionary<string, string> { ["in-toto.io/predicate-type"] = type } };

    private Descriptor InIndex(Descriptor image, params Descriptor[] layers) => _repository.Manifest("", Manifest(null, null, layers)) with
    {
        Platform = new Platform { Os = "unknown", Architecture = "unknown" },
        Annotations = new Dictionary<string, string> { ["vnd.docker.reference.type"] = "attestation-manifest", ["vnd.docker.reference.digest"] = image.Digest },
    };

    private Manifest Manifest(Descriptor? subject, Dictionary<string, string>? annotations, params Descriptor[] layers) => new()
    {
        SchemaVersion = 2, MediaType = MediaTypes.Manifest, Config = _repository.Blob("{}"u8.ToArray(), MediaTypes.Config), Layers = layers, Annotations = annotations,
        Subject = subject is null ? null : new Descriptor { MediaType = subject.MediaType, Digest = subject.Digest, Size = subject.Size },
    };

    // By the tag that stands in for the list of referrers.
    private void Refer(Descriptor image, params (Manifest Manifest, string Type)[] referrers) =>
        _repository.Index(image.Digest.Replace(':', '-'), [.. referrers.Select(r => _repository.Manifest("", r.Manifest) with { ArtifactType = r.Type })]);

    private ImageAttestations Service() => new(_images.Root.Services.Database, _images.Root.Services.Content, _images.Store);

    private IReadOnlyList<Attestation> List(string name, IReadOnlyList<string>? types = null, bool withStatements = false) => Service().List(Name(name), null, types ?? [], withStatements);

    private string Name(string rest) => $"{_server.Name}/{rest}";

    private Task PullAsync(string name)
    {
        StorageServices services = _images.Root.Services;
        return new ImagePuller(services.Database, services.Content, services.Layers, _options)
            .PullAsync(new PullRequest { Reference = ImageReference.Parse(Name(name)) }, new Told<PullStep>(step => _lines.Enqueue(step.Status)), TestContext.Current.CancellationToken);
    }
}
