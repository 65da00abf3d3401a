using System.Text;
using System.Text.Json.Serialization.Metadata;

using Berth.Fuzz.Mutations;
using Berth.Images;
using Berth.Images.Archives;
using Berth.Images.Pull;
using Berth.Images.Registries;
using Berth.Oci.Digests;
using Berth.Oci.Images;
using Berth.Storage;
using Berth.Storage.Failpoints;
using Berth.Storage.Leases;
using Berth.Storage.Tar;
using Berth.Tests;

namespace Berth.Fuzz.Targets;

/// <summary>Manifests, indexes and configs, as registries send them and as archives have them: only the declared exceptions leave.</summary>
internal sealed class JsonTarget : IFuzzTarget
{
    private readonly string _folder = Directory.CreateTempSubdirectory("berth-fuzz-").FullName;
    private readonly StorageServices _services;
    private readonly Lease _lease;

    public JsonTarget()
    {
        _services = StorageServices.Open(new DataRoot(Path.Join(_folder, "data"), Path.Join(_folder, "run")), Durable.None());
        _lease = Lease.CreateAsync(_services.Database, "fuzz", CancellationToken.None).GetAwaiter().GetResult();
    }

    public string Name => "json";

    public void Try(Random random)
    {
        byte[] document = JsonMaker.Make(random);
        try
        {
            Only<FormatException>(() => ManifestForm.Of(document, random.Next(3) switch { 0 => null, 1 => MediaTypes.Manifest, _ => MediaTypes.Index }));
            Only<EngineException>(() => Read(document, ImageJson.Default.Manifest));
            Only<EngineException>(() => Read(document, ImageJson.Default.ImageIndex));
            Only<EngineException>(() => Read(document, ImageJson.Default.Image));
            Load(random, document);
        }
        catch (Exception e)
        {
            throw new FuzzFailure($"{Encoding.UTF8.GetString(document)}: {e}", e);
        }
    }

    public void Dispose()
    {
        _lease.DisposeAsync().AsTask().GetAwaiter().GetResult();
        _services.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    // What is read is also printed: an image's config is shown to users.
    private static void Read<T>(byte[] document, JsonTypeInfo<T> type) => _ = System.Text.Json.JsonSerializer.Serialize(ImageResolution.Read(document, type, "it"), type);

    // The document in one of the places of an archive whose other documents are right.
    private void Load(Random random, byte[] document)
    {
        byte[] layer = new TarBuilder().Build();
        byte[] config = random.Next(3) == 0 ? document : Encoding.UTF8.GetBytes($$$"""{"architecture":"amd64","os":"linux","rootfs":{"type":"layers","diff_ids":["{{{Digest.Of(layer)}}}"]}}""");
        byte[] manifest = random.Next(3) == 0 ? document : Encoding.UTF8.GetBytes(
            $$$"""{"schemaVersion":2,"config":{"mediaType":"{{{MediaTypes.Config}}}","digest":"{{{Digest.Of(config)}}}","size":{{{config.Length}}}},"layers":[{"mediaType":"{{{MediaTypes.Layer}}}","digest":"{{{Digest.Of(layer)}}}","size":{{{layer.Length}}}}]}""");
        byte[] index = random.Next(3) == 0 ? document : Encoding.UTF8.GetBytes(
            $$$"""{"schemaVersion":2,"manifests":[{"mediaType":"{{{MediaTypes.Manifest}}}","digest":"{{{Digest.Of(manifest)}}}","size":{{{manifest.Length}}}}]}""");
        TarBuilder tar = new TarBuilder().File("index.json", index).File("c.json", config).File("l/layer.tar", layer);
        foreach (byte[] blob in (byte[][])[config, manifest, layer, document])
        {
            tar.File($"blobs/sha256/{Digest.Of(blob).Hex}", blob);
        }

        if (random.Next(2) == 0)
        {
            tar.File("manifest.json", random.Next(2) == 0 ? document : """[{"Config":"c.json","RepoTags":["a:1"],"Layers":["l/layer.tar"]}]"""u8.ToArray());
        }

        var images = new ImageStore(_services.Database, _services.Content, _services.Layers, _services.Collector);
        Only<EngineException>(() =>
        {
            try
            {
                using ReceivedArchive archive = ReceivedArchive.Receive(new MemoryStream(tar.Build()), _services.Content, _lease, CancellationToken.None);
                IReadOnlyList<ArchivedImage> found = archive.Find(DockerArchive.Manifest) is { } file
                    ? DockerArchive.Read(archive, file, random.Next(2) == 0 ? null : PlatformMatch.Host)
                    : OciLayout.Read(archive, archive.Find(OciLayout.Index)!, PlatformMatch.Host);
                if (found.Count == 0)
                {
                    return;
                }
            }
            catch (TarException)
            {
                return;
            }

            // All the way, for a few: it writes to the disk.
            if (random.Next(16) == 0)
            {
                IReadOnlyList<Digest> loaded = images.LoadAsync(new MemoryStream(tar.Build()), new Progress<string>(), CancellationToken.None).GetAwaiter().GetResult();
                _ = images.List();
                foreach (Digest one in loaded)
                {
                    images.RemoveAsync(one.ToString(), force: true, keepParents: false, CancellationToken.None).GetAwaiter().GetResult();
                }
            }
        });
    }

    private static void Only<T>(Action act)
        where T : Exception
    {
        try
        {
            act();
        }
        catch (T)
        {
            // Refused, by the exception that is declared.
        }
    }
}
