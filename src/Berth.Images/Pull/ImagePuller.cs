using Berth.Images.Archives;
using Berth.Images.Limits;
using Berth.Images.Provenance;
using Berth.Images.Registries;
using Berth.Images.Signatures;
using Berth.Oci.Digests;
using Berth.Oci.Images;
using Berth.Oci.References;
using Berth.Storage;
using Berth.Storage.Content;
using Berth.Storage.Database;
using Berth.Storage.Layers;
using Berth.Storage.Leases;
using Berth.Storage.Snapshots;

namespace Berth.Images.Pull;

/// <summary>Brings images from registries: docker pull. What was broken off stays on the disk for a day, and the next pull goes on from there.</summary>
/// <param name="database">Rows.</param>
/// <param name="content">Blobs.</param>
/// <param name="layers">Layers.</param>
/// <param name="options">How registries are reached.</param>
/// <param name="changed">Told of every image; null: nobody.</param>
public sealed class ImagePuller(BerthDatabase database, IContentStore content, LayerStore layers, RegistryOptions options, ImageChange? changed = null)
{
    private const long LargestConfig = 8 << 20;

    /// <summary>Applied after a pull, which makes images grow; null: there are no limits.</summary>
    public DiskFloor? Floor { get; init; }

    /// <summary>Whose signatures images need; null: none.</summary>
    public SignaturePolicy? Policy { get; init; }

    /// <summary>How much layers may grow.</summary>
    public ExpansionLimit Limit { get; init; } = new();

    /// <exception cref="EngineException">NotFound: no such image or platform, or not for this user. Invalid: damaged or not supported. Unavailable: the registry does not answer.</exception>
    public async Task PullAsync(PullRequest request, IProgress<PullStep> progress, CancellationToken cancel)
    {
        ImageReference name = ImageStore.CheckName(request.Reference);
        try
        {
            using RegistryClient client = await RegistryClient.OpenAsync(options, name.Domain, request.Credentials, cancel);
            bool isNew = false;
            var pulled = new List<Digest>();
            foreach (ImageReference one in name.Tag is null && name.Digest is null ? await TagsAsync(client, name, cancel) : [name])
            {
                (Digest id, bool isNewer) = await PullAsync(client, one, request.Platform, progress, cancel);
                isNew |= isNewer;
                pulled.Add(id);
            }

            // After the leases' end: what they keep could not go.
            await (Floor?.ApplyAsync(pulled) ?? Task.CompletedTask);
            progress.Report(new PullStep(null, $"Status: {(isNew ? "Downloaded newer image" : "Image is up to date")} for {name.Familiar}"));
        }
        catch (RegistryException e)
        {
            throw PullErrors.Of(e, name);
        }
    }

    private static async Task<IReadOnlyList<ImageReference>> TagsAsync(RegistryClient client, ImageReference name, CancellationToken cancel)
    {
        var tags = new List<ImageReference>();
        await foreach (string tag in new RegistryLists(client).TagsAsync(name.Path, cancel))
        {
            tags.Add(ImageReference.TryParse($"{name.Repository}:{tag}", out ImageReference? tagged) && tagged.Tag == tag
                ? tagged
                : throw EngineException.Invalid($"{name.Domain} lists a tag of {name.FamiliarRepository} that cannot be one"));
        }

        return tags.Count > 0 ? tags : throw EngineException.NotFound($"repository {name.FamiliarRepository} has no tags");
    }

    // The image, and whether the name meant another one before.
    private async Task<(Digest Id, bool IsNew)> PullAsync(RegistryClient client, ImageReference name, Platform? platform, IProgress<PullStep> progress, CancellationToken cancel)
    {
        var signatures = new SignatureCheck(Policy);
        signatures.CheckName(name);
        FetchedManifest fetched = await client.GetManifestAsync(name.Path, name.Tag, name.Digest, cancel);
        ResolvedImage image = await new ImageResolution(client, platform).ChooseAsync(name, fetched, cancel);
        await signatures.CheckAsync(client, name, image, cancel);
        progress.Report(new PullStep(name.Digest?.ToString() ?? name.Tag, $"Pulling from {name.Path}"));
        await using Lease lease = await Lease.CreateLastingAsync(database, $"pull {name}", cancel);
        (Image config, Digest id) = await ConfigAsync(client, name, image, lease, cancel);
        IReadOnlyList<Digest> diffIds = DiffIds(config, image, name);
        bool isKept = await KeptAsync(id, diffIds, lease, cancel);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        Task<IReadOnlyList<Digest>> attestations = new AttestationsPull(client, name.Path, content, lease, progress).RunAsync(image, !isKept, stop.Token);
        (ChainId? chain, IReadOnlyList<Digest> attested) = await BesideAsync(attestations, stop, () => isKept
            ? Task.FromResult(ChainId.Of(diffIds))
            : new LayersPull(client, name.Path, content, layers, options, Limit, lease, progress).RunAsync(image, diffIds, cancel));
        foreach (FetchedManifest document in image.Documents)
        {
            using var file = new ArchiveFile(document.Bytes, content, lease);
            await file.CommitAsync(cancel);
        }

        var loaded = new LoadedImage(id, config, chain, [id, .. image.Documents.Select(static d => Digest.Parse(d.Descriptor.Digest)), .. attested]);
        bool isNew = await database.WriteAsync(t => Publish(t, loaded, name, Digest.Parse(image.Top.Descriptor.Digest)), CancellationToken.None);
        lease.Complete();
        layers.SyncBehind();
        progress.Report(new PullStep(null, $"Digest: {image.Top.Descriptor.Digest}"));
        Warn(platform, config, name, progress);
        return (id, isNew);
    }

    // What fails ends what goes on beside it, which uses the same lease.
    private static async Task<(ChainId? Chain, IReadOnlyList<Digest> Attested)> BesideAsync(Task<IReadOnlyList<Digest>> beside, CancellationTokenSource stop, Func<Task<ChainId?>> act)
    {
        try
        {
            return (await act(), await beside);
        }
        catch
        {
            await stop.CancelAsync();
            await beside.ContinueWith(static _ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
            throw;
        }
    }

    private async Task<(Image Config, Digest Id)> ConfigAsync(RegistryClient client, ImageReference name, ResolvedImage image, Lease lease, CancellationToken cancel)
    {
        Digest id = ImageResolution.ParseDigest(image.Config.Digest);
        if (image.Config.Size is < 0 or > LargestConfig)
        {
            throw EngineException.Invalid($"{name.Familiar}: its config {id} cannot have {image.Config.Size} bytes: at most {LargestConfig >> 20} MiB");
        }

        await new BlobFetch(client, name.Path, id, image.Manifest.From).BringAsync(content, image.Config.Size, lease, cancel);
        byte[] bytes = new byte[image.Config.Size];
        await using Stream stream = content.Open(id);
        await stream.ReadExactlyAsync(bytes, cancel);
        return (ImageResolution.Read(bytes, ImageJson.Default.Image, $"the config {id}"), id);
    }

    private static IReadOnlyList<Digest> DiffIds(Image config, ResolvedImage image, ImageReference name)
    {
        if (PlatformMatch.IsForeign(config.Os))
        {
            throw EngineException.Invalid($"{name.Familiar}: image operating system \"{config.Os}\" cannot be used on this platform");
        }

        IReadOnlyList<string> listed = config.RootFs?.DiffIds ?? [];
        return listed.Count == image.Layers.Count
            ? [.. listed.Select(ImageResolution.ParseDigest)]
            : throw EngineException.Invalid($"{name.Familiar} has {listed.Count} layers by its config and {image.Layers.Count} by its manifest");
    }

    // The image is there: its layers are kept by their uppermost, so that nobody removes them meanwhile.
    private async Task<bool> KeptAsync(Digest id, IReadOnlyList<Digest> diffIds, Lease lease, CancellationToken cancel) =>
        database.Read(s => ImageRows.Exists(s, id)) && (ChainId.Of(diffIds) is not { } top || await layers.KeepAsync(top, lease, cancel));

    private bool Publish(Transaction t, LoadedImage image, ImageReference name, Digest repositoryDigest)
    {
        ImageReference key = name.Digest is null ? name : name with { Tag = null };
        bool isNew = ImageRows.Find(t, key) != image.Id;
        ImageRows.Add(t, image);
        ImageRows.Tag(t, key, image.Id);
        ImageRows.Tag(t, name with { Tag = null, Digest = repositoryDigest }, image.Id);
        changed?.Invoke(t, "pull", image.Id, name.Familiar);
        return isNew;
    }

    // As Docker: pulled nevertheless, since some images are marked wrongly.
    private static void Warn(Platform? wanted, Image config, ImageReference name, IProgress<PullStep> progress)
    {
        Platform actual = PlatformMatch.Of(config);
        if (wanted is not null && !PlatformMatch.Runs(actual, PlatformMatch.Complete(wanted)))
        {
            progress.Report(new PullStep(null, $"WARNING: image with reference {name.Familiar} was found but does not match the specified platform: wanted {wanted}, actual: {actual}"));
        }
    }
}
