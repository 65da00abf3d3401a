using Berth.Images.Pull;
using Berth.Images.Push;
using Berth.Images.Registries;
using Berth.Oci.Digests;
using Berth.Oci.Images;
using Berth.Oci.References;
using Berth.Storage;
using Berth.Storage.Content;
using Berth.Storage.Leases;

namespace Berth.Images.Lists;

/// <summary>
/// Brings manifests with all their blobs from other repositories of a registry into one: blobs by mounts, and through this machine only where the
/// registry does not mount. All blobs come before the first manifest.
/// </summary>
/// <param name="client">The registry.</param>
/// <param name="target">The repository, by the list's name.</param>
/// <param name="content">Where blobs stay meanwhile.</param>
/// <param name="options">How many at once.</param>
/// <param name="lease">Keeps them.</param>
/// <param name="progress">Told of each manifest.</param>
internal sealed class MemberCopy(RegistryClient client, ImageReference target, IContentStore content, RegistryOptions options, Lease lease, IProgress<PushStep> progress)
{
    /// <exception cref="RegistryException">The registry refused one.</exception>
    /// <exception cref="EngineException">NotFound: a member is not there. Invalid: it is damaged.</exception>
    public async Task RunAsync(IReadOnlyList<ListMember> members, CancellationToken cancel)
    {
        List<(ListMember Member, FetchedManifest Fetched)> foreign = [];
        foreach (ListMember member in members.Where(m => m.Name.Path != target.Path))
        {
            foreign.Add((member, await FetchAsync(member, cancel)));
        }

        IEnumerable<(string From, Descriptor Blob, FetchedManifest Manifest)> blobs =
            foreign.SelectMany(static f => Blobs(f.Fetched).Select(b => (f.Member.Name.Path, b, f.Fetched))).DistinctBy(static b => b.b.Digest);
        await Parallel.ForEachAsync(
            blobs, new ParallelOptions { MaxDegreeOfParallelism = options.Uploads, CancellationToken = cancel }, async (b, stop) => await BringAsync(b.From, b.Blob, b.Manifest, stop));
        foreach ((_, FetchedManifest fetched) in foreign)
        {
            string digest = fetched.Descriptor.Digest;
            await new BlobUpload(client, target.Path).PutManifestAsync(digest, fetched.Descriptor.MediaType, fetched.Bytes, cancel);
            progress.Report(new PushStep(null, $"Pushed ref {target.Repository}@{digest} with digest: {digest}"));
        }
    }

    private async Task<FetchedManifest> FetchAsync(ListMember member, CancellationToken cancel)
    {
        FetchedManifest fetched;
        try
        {
            fetched = await client.GetManifestAsync(member.Name.Path, null, Digest.Parse(member.Descriptor.Digest), cancel);
        }
        catch (RegistryException e)
        {
            throw ManifestLists.Failure(e, member.Name with { Tag = null, Digest = Digest.Parse(member.Descriptor.Digest) });
        }

        return (fetched.Descriptor.MediaType, fetched.Descriptor.Size) == (member.Descriptor.MediaType, member.Descriptor.Size)
            ? fetched
            : throw EngineException.Invalid(
                $"manifest {member.Name} is of type {fetched.Descriptor.MediaType} with {fetched.Descriptor.Size} bytes, where the list has {member.Descriptor.MediaType} with {member.Descriptor.Size}");
    }

    // Foreign layers are elsewhere, and registries do not ask for them.
    private static IEnumerable<Descriptor> Blobs(FetchedManifest fetched)
    {
        Manifest manifest = ImageResolution.Read(fetched.Bytes, ImageJson.Default.Manifest, $"the manifest {fetched.Descriptor.Digest}");
        return (manifest.Config is { } config ? (manifest.Layers ?? []).Prepend(config) : manifest.Layers ?? []).Where(static b => b.Urls is not { Count: > 0 });
    }

    private async Task BringAsync(string from, Descriptor blob, FetchedManifest manifest, CancellationToken cancel)
    {
        Digest digest = ImageResolution.ParseDigest(blob.Digest);
        if (blob.Size < 0)
        {
            throw EngineException.Invalid($"the manifest {manifest.Descriptor.Digest}: its blob {digest} cannot have {blob.Size} bytes");
        }

        var push = new BlobPush(client, target.Path, content, new BlobInfo(digest, blob.Size), static _ => { })
        {
            Bring = stop => new BlobFetch(client, from, digest, manifest.From).BringAsync(content, blob.Size, lease, stop),
        };
        await push.RunAsync([from], cancel);
    }
}
