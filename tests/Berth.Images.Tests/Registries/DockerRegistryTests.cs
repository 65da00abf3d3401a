using System.Net;
using System.Text;

using Berth.Images.Registries;
using Berth.Oci.Digests;
using Berth.Oci.Images;
using Berth.Testing.Daemons;

namespace Berth.Images.Tests.Registries;

/// <summary>The client against Debian's docker-registry.</summary>
public sealed class DockerRegistryTests : IAsyncLifetime
{
    private static readonly RegistryCredentials Eve = new() { Username = DockerRegistry.User, Password = DockerRegistry.Password };
    private readonly List<RegistryClient> _clients = [];
    private DockerRegistry _registry = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        Assert.SkipUnless(DockerRegistry.IsInstalled, "docker-registry is not installed");
        _registry = await DockerRegistry.StartAsync(basic: true);
    }

    public async ValueTask DisposeAsync()
    {
        _clients.ForEach(c => c.Dispose());
        if (_registry is not null)
        {
            await _registry.DisposeAsync();
        }
    }

    [Fact]
    public async Task LoginsAreChecked()
    {
        await (await OpenAsync(Eve)).CheckAsync(Cancel);
        RegistryException wrong = await Assert.ThrowsAsync<RegistryException>(async () => await (await OpenAsync(Eve with { Password = "no" })).CheckAsync(Cancel));
        Assert.Equal(HttpStatusCode.Unauthorized, wrong.Status);
        RegistryException none = await Assert.ThrowsAsync<RegistryException>(async () => await (await OpenAsync(null)).CheckAsync(Cancel));
        Assert.Equal(HttpStatusCode.Unauthorized, none.Status);
    }

    [Fact]
    public async Task WhatWasUploadedWholeAndInChunksComesBack()
    {
        RegistryClient client = await OpenAsync(Eve);
        var upload = new BlobUpload(client, "some/where");
        byte[] bytes = new byte[300_000];
        Random.Shared.NextBytes(bytes);
        var digest = Digest.Of(bytes);
        Assert.False(await upload.ExistsAsync(digest, Cancel));

        // Two chunks; the second is sent after asking how far the first came.
        UploadSession session = (await upload.BeginAsync(null, Cancel))!;
        session = await upload.SendAsync(session, () => new MemoryStream(bytes, 0, 100_000), 100_000, Cancel);
        session = await upload.StatusAsync(session, Cancel);
        Assert.Equal(100_000, session.Offset);
        session = await upload.SendAsync(session, () => new MemoryStream(bytes, 100_000, 200_000), 200_000, Cancel);
        await upload.FinishAsync(session, digest, null, 0, Cancel);
        Assert.True(await upload.ExistsAsync(digest, Cancel));
        Assert.Equal(bytes, await ReadAsync(client, "some/where", digest, bytes.Length, null));
        Assert.Equal(bytes[1000..2001], await ReadAsync(client, "some/where", digest, bytes.Length, (1000, 2000)));

        // Elsewhere it is mounted; a blob that nobody has is uploaded whole.
        var other = new BlobUpload(client, "else");
        Assert.Null(await other.BeginAsync((digest, "some/where"), Cancel));
        Assert.True(await other.ExistsAsync(digest, Cancel));
        UploadSession second = (await other.BeginAsync((Digest.Of("nobody has it"u8), "some/where"), Cancel))!;
        await other.FinishAsync(second, Digest.Of("small"u8), static () => new MemoryStream("small"u8.ToArray()), 5, Cancel);
        Assert.True(await other.ExistsAsync(Digest.Of("small"u8), Cancel));

        UploadSession wrong = (await other.BeginAsync(null, Cancel))!;
        RegistryException refused = await Assert.ThrowsAsync<RegistryException>(() => other.FinishAsync(wrong, Digest.Of("a"u8), static () => new MemoryStream("b"u8.ToArray()), 1, Cancel));
        Assert.Equal("DIGEST_INVALID", refused.Code);
        await other.AbandonAsync(wrong, Cancel);
    }

    [Fact]
    public async Task ManifestsTagsAndTheCatalogueAreListed()
    {
        RegistryClient client = await OpenAsync(Eve);
        byte[] manifest = await PutAsync(client, "lib/a");
        var upload = new BlobUpload(client, "lib/a");
        for (int i = 0; i < 3; i++)
        {
            await upload.PutManifestAsync($"v{i}", MediaTypes.Manifest, manifest, Cancel);
        }

        FetchedManifest fetched = await client.GetManifestAsync("lib/a", "v1", null, Cancel);
        Assert.Equal(manifest, fetched.Bytes);
        Assert.Equal(MediaTypes.Manifest, fetched.Descriptor.MediaType);
        Assert.Equal(fetched.Descriptor.Digest, (await client.FindManifestAsync("lib/a", "v2", Cancel))!.Digest);
        Assert.Null(await client.FindManifestAsync("lib/a", "none", Cancel));
        RegistryException unknown = await Assert.ThrowsAsync<RegistryException>(() => client.GetManifestAsync("lib/a", "none", null, Cancel));
        Assert.Equal("manifest unknown: manifest unknown", unknown.Told);

        var lists = new RegistryLists(client);
        Assert.Equal(["v0", "v1", "v2"], (await AllAsync(lists.TagsAsync("lib/a", Cancel))).Order(StringComparer.Ordinal));
        Assert.Equal(["lib/a"], await AllAsync(lists.RepositoriesAsync(Cancel)));
        Assert.Equal([$"{_registry.Name}/lib/a"], (await lists.SearchAsync("lib", 10, Cancel)).Select(static r => r.Name));
        Assert.Empty(await lists.ReferrersAsync("lib/a", Digest.Of(manifest), Cancel));
    }

    private static async Task<byte[]> PutAsync(RegistryClient client, string repository)
    {
        byte[] config = "{}"u8.ToArray();
        var upload = new BlobUpload(client, repository);
        await upload.FinishAsync((await upload.BeginAsync(null, Cancel))!, Digest.Of(config), () => new MemoryStream(config), config.Length, Cancel);
        return Encoding.UTF8.GetBytes($$"""{"schemaVersion":2,"mediaType":"{{MediaTypes.Manifest}}","config":{"mediaType":"{{MediaTypes.Config}}","digest":"{{Digest.Of(config)}}","size":2},"layers":[]}""");
    }

    private static async Task<List<string>> AllAsync(IAsyncEnumerable<string> entries)
    {
        var all = new List<string>();
        await foreach (string entry in entries)
        {
            all.Add(entry);
        }

        return all;
    }

    private static async Task<byte[]> ReadAsync(RegistryClient client, string repository, Digest digest, long size, (long, long)? range)
    {
        using BlobAnswer answer = await client.OpenBlobAsync(repository, digest, size, range, null, Cancel);
        Assert.Equal(range is not null, answer.IsPart);
        var all = new MemoryStream();
        byte[] buffer = new byte[50_000];
        int count;
        while ((count = await answer.ReadAsync(buffer, Cancel)) > 0)
        {
            all.Write(buffer, 0, count);
        }

        return all.ToArray();
    }

    // Insecure because it is on this machine: TLS is tried, then plain HTTP.
    private async Task<RegistryClient> OpenAsync(RegistryCredentials? credentials)
    {
        RegistryClient client = await RegistryClient.OpenAsync(new RegistryOptions { HostsFolders = [] }, _registry.Name, credentials, Cancel);
        _clients.Add(client);
        return client;
    }
}
