using System.Globalization;

using Berth.Images.Archives;
using Berth.Images.Limits;
using Berth.Images.Registries;
using Berth.Oci.Digests;
using Berth.Oci.References;
using Berth.Storage;
using Berth.Storage.Content;
using Berth.Storage.Database;
using Berth.Storage.Layers;
using Berth.Storage.Leases;

namespace Berth.Images.Push;

/// <summary>Brings images into registries: docker push. Layers first, then the config, then the manifest under its tag.</summary>
/// <param name="database">Rows.</param>
/// <param name="content">Blobs.</param>
/// <param name="layers">Layers.</param>
/// <param name="images">Finds what is pushed.</param>
/// <param name="options">How registries are reached.</param>
/// <param name="changed">Told of every tag that was pushed; null: nobody.</param>
public sealed class ImagePusher(BerthDatabase database, IContentStore content, LayerStore layers, ImageStore images, RegistryOptions options, ImageChange? changed = null)
{
    private readonly LayerCompression _compression = new(database, content);

    /// <summary>Applied after a push, since compressed layers stay; null: there are no limits.</summary>
    public DiskFloor? Floor { get; init; }

    /// <exception cref="EngineException">NotFound: no such image here, or the registry does not allow it. Invalid: a digest. Unavailable: the registry does not answer, or refuses.</exception>
    public async Task PushAsync(PushRequest request, IProgress<PushStep> progress, CancellationToken cancel)
    {
        ImageReference name = ImageStore.CheckName(request.Reference);
        progress.Report(new PushStep(null, $"The push refers to repository [{name.Repository}]"));
        IReadOnlyList<(ImageReference Name, Digest Id)> chosen = Chosen(name);
        try
        {
            using RegistryClient client = await RegistryClient.OpenAsync(options, name.Domain, request.Credentials, cancel);
            foreach ((ImageReference tagged, Digest id) in chosen)
            {
                await PushAsync(client, tagged, id, request, progress, cancel);
            }
        }
        catch (RegistryException e)
        {
            throw PushErrors.Of(e, name);
        }

        await (Floor?.ApplyAsync([.. chosen.Select(static c => c.Id)]) ?? Task.CompletedTask);
    }

    private IReadOnlyList<(ImageReference Name, Digest Id)> Chosen(ImageReference name)
    {
        if (name.Digest is not null)
        {
            throw EngineException.Invalid("cannot push a digest reference");
        }

        List<(ImageReference Name, Digest Id, bool IsDigest)> all = database.Read(s => s.Query(
            "SELECT name, image, is_digest FROM tags WHERE repository = @repository ORDER BY name",
            r => (ImageReference.Parse(r.GetString(0)), Digest.Parse(r.GetString(1)), r.GetBoolean(2)), ("@repository", name.Repository)));
        if (all.Count == 0)
        {
            throw EngineException.NotFound($"An image does not exist locally with the tag: {name.FamiliarRepository}");
        }

        IReadOnlyList<(ImageReference Name, Digest Id)> tags = [.. all.Where(t => !t.IsDigest && (name.Tag is null || t.Name.Tag == name.Tag)).Select(static t => (t.Name, t.Id))];
        return tags.Count > 0 ? tags
            : throw EngineException.NotFound(name.Tag is null ? $"no tags to push for {name.FamiliarRepository}" : $"tag does not exist: {name.Familiar}");
    }

    private async Task PushAsync(RegistryClient client, ImageReference name, Digest id, PushRequest request, IProgress<PushStep> progress, CancellationToken cancel)
    {
        ImageRecord image = images.Find(id) ?? throw EngineException.NotFound($"tag does not exist: {name.Familiar}");
        ImageStore.CheckPlatform(image, name.Familiar, request.Platform);
        await using Lease lease = await Lease.CreateAsync(database, $"push {name}", cancel);
        BlobInfo? config = await content.KeepAsync(id, lease, cancel);
        if (config is null || (image.Chain is { } chain && !await layers.KeepAsync(chain, lease, cancel)))
        {
            throw EngineException.NotFound($"tag does not exist: {name.Familiar}"); // removed just now
        }

        PushPlan plan = Plan(image, name);
        IReadOnlyList<BlobInfo> blobs = await new LayersPush(client, name, database, content, _compression, options, lease, progress).RunAsync(plan.Layers, cancel);
        await new BlobPush(client, name.Path, content, config, static _ => { }).RunAsync([], cancel);
        (byte[] manifest, string type) = plan.Document(config, blobs);
        await new BlobUpload(client, name.Path).PutManifestAsync(name.Tag!, type, manifest, cancel);
        var pushed = new PushedTag(name.Tag!, Digest.Of(manifest), manifest.Length);
        await database.WriteAsync(t => Record(t, name, id, pushed.Digest), CancellationToken.None);
        progress.Report(new PushStep(null, string.Create(CultureInfo.InvariantCulture, $"{pushed.Tag}: digest: {pushed.Digest} size: {pushed.Size}")) { Pushed = pushed });
    }

    private PushPlan Plan(ImageRecord image, ImageReference name)
    {
        (List<Digest> kept, List<Digest> own) = database.Read(s => (
            s.Query("SELECT digest FROM image_blobs WHERE image = @id ORDER BY digest", r => Digest.Parse(r.GetString(0)), ("@id", image.Id.ToString())),
            ImageRows.Names(s, image.Id).Where(n => n.Digest is not null && n.Repository == name.Repository).Select(static n => n.Digest!.Value).ToList()));
        IReadOnlyList<LayerInfo> stack = image.Chain is null ? [] : layers.Stack(image.Chain);
        return PushPlan.Of(new ImageManifests(content, layers).Describing(image.Id, stack.Count, kept), own, stack, content);
    }

    // Only the name: the manifest itself can be made again, and a save is to find the layers as they are stored.
    private void Record(Transaction t, ImageReference name, Digest id, Digest manifest)
    {
        if (ImageRows.Exists(t, id))
        {
            ImageRows.AddName(t, name with { Tag = null, Digest = manifest }, id);
            changed?.Invoke(t, "push", id, name.Familiar);
        }
    }
}
