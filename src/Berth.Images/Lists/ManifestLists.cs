using System.Net;
using System.Text;

using Berth.Images.Pull;
using Berth.Images.Push;
using Berth.Images.Registries;
using Berth.Oci.Digests;
using Berth.Oci.Images;
using Berth.Oci.References;
using Berth.Storage;
using Berth.Storage.Content;
using Berth.Storage.Database;
using Berth.Storage.Leases;

namespace Berth.Images.Lists;

/// <summary>Lists of manifests, one a platform: docker manifest. Nothing of them is kept here; the drafts are the client's.</summary>
/// <param name="database">For leases.</param>
/// <param name="content">Where blobs stay meanwhile that a registry does not mount.</param>
/// <param name="options">How registries are reached.</param>
public sealed class ManifestLists(BerthDatabase database, IContentStore content, RegistryOptions options)
{
    /// <summary>Members of one list, and bytes of all their manifests.</summary>
    private const int MostMembers = 500, MostBytes = 64 << 20;

    /// <summary>What a name means in its registry.</summary>
    /// <param name="name">With a tag or a digest.</param>
    /// <param name="isInsecure">The registry may do without a good certificate, or without TLS.</param>
    /// <param name="withMembers">Of a list its members' manifests too.</param>
    /// <param name="credentials">Null: none.</param>
    /// <param name="cancel">The caller no longer wants it.</param>
    /// <exception cref="EngineException">As a pull's.</exception>
    public async Task<FoundManifests> FindAsync(ImageReference name, bool isInsecure, bool withMembers, RegistryCredentials? credentials, CancellationToken cancel)
    {
        ImageReference whole = name.WithDefaultTag();
        try
        {
            using RegistryClient client = await OpenAsync(whole, isInsecure, credentials, cancel);
            FetchedManifest fetched = await client.GetManifestAsync(whole.Path, whole.Tag, whole.Digest, cancel);
            return MediaTypes.IsIndex(fetched.Descriptor.MediaType)
                ? new FoundManifests(true, await MembersAsync(client, whole, fetched, withMembers, cancel))
                : new FoundManifests(false, [await MemberAsync(client, whole, fetched, cancel)]);
        }
        catch (RegistryException e)
        {
            throw Failure(e, whole);
        }
    }

    /// <summary>Brings the members into the list's repository, then writes the list. What a broken-off push fetched is there for a day, for the next try.</summary>
    /// <exception cref="EngineException">Invalid: there can be no such list. Otherwise as a push's, or where a member is not there, as a pull's.</exception>
    public async Task PushAsync(ManifestListRequest request, IProgress<PushStep> progress, CancellationToken cancel)
    {
        Check(request);
        List<Descriptor> members = [.. request.Members.Select(static m => m.Descriptor)];
        byte[] list = Encoding.UTF8.GetBytes(ManifestList.Write(members));
        if (list.Length > RegistryClient.LargestManifest)
        {
            throw EngineException.Invalid($"{request.Name}: the list of {members.Count} manifests has {list.Length} bytes: registries take at most {RegistryClient.LargestManifest >> 20} MiB");
        }

        try
        {
            using RegistryClient client = await OpenAsync(request.Name, request.IsInsecure, request.Credentials, cancel);
            await using Lease lease = await Lease.CreateLastingAsync(database, $"push {request.Name}", cancel);
            await new MemberCopy(client, request.Name, content, options, lease, progress).RunAsync(request.Members, cancel);
            await new BlobUpload(client, request.Name.Path).PutManifestAsync(request.Name.Tag!, ManifestList.TypeOf(members), list, cancel);
            lease.Complete();
        }
        catch (RegistryException e)
        {
            throw PushErrors.Of(e, request.Name);
        }

        var pushed = new PushedTag(request.Name.Tag!, Digest.Of(list), list.Length);
        progress.Report(new PushStep(null, pushed.Digest.ToString()) { Pushed = pushed });
    }

    /// <summary>A registry's refusal to show a manifest, in the words of Docker's client where those are true.</summary>
    internal static EngineException Failure(RegistryException failure, ImageReference name) => failure switch
    {
        { Code: "MANIFEST_UNKNOWN" or "NAME_UNKNOWN" } or { Status: HttpStatusCode.NotFound, Code: null } => new EngineException(EngineErrorKind.NotFound, $"no such manifest: {name}", failure),
        _ => PullErrors.Of(failure, name),
    };

    // In the order in which Docker's client complains.
    private static void Check(ManifestListRequest request)
    {
        if (request.Name.Tag is null || request.Name.Digest is not null)
        {
            throw EngineException.Invalid($"{request.Name}: a manifest list is pushed under a tag");
        }

        if (request.Members.Count == 0)
        {
            throw EngineException.Invalid($"{request.Name}: a manifest list without manifests cannot be pushed");
        }

        if (request.Members.Count > MostMembers || request.Members.Sum(static m => Math.Clamp(m.Descriptor.Size, 0, MostBytes)) > MostBytes)
        {
            throw EngineException.Invalid($"{request.Name}: a list has at most {MostMembers} manifests of {MostBytes >> 20} MiB in all");
        }

        foreach (ListMember member in request.Members)
        {
            if (member.Descriptor.Platform is not { Os.Length: > 0, Architecture.Length: > 0 })
            {
                throw EngineException.Invalid($"manifest {member.Name} must have an OS and Architecture to be pushed to a registry");
            }

            if (member.Name.Domain != request.Name.Domain)
            {
                throw EngineException.Invalid($"cannot use source images from a different registry than the target image: {member.Name.Domain} != {request.Name.Domain}");
            }

            if (!Digest.TryParse(member.Descriptor.Digest, out _))
            {
                throw EngineException.Invalid($"manifest {member.Name}: \"{member.Descriptor.Digest}\" is not a SHA-256 digest, the only kind that is supported");
            }

            if (!MediaTypes.IsManifest(member.Descriptor.MediaType) || member.Descriptor.Size is <= 0 or > RegistryClient.LargestManifest)
            {
                throw EngineException.Invalid($"{member.Name} is no manifest of an image: it has the type \"{member.Descriptor.MediaType}\" and {member.Descriptor.Size} bytes");
            }
        }
    }

    private Task<RegistryClient> OpenAsync(ImageReference name, bool isInsecure, RegistryCredentials? credentials, CancellationToken cancel) => isInsecure
        ? RegistryClient.OpenInsecureAsync(options, name.Domain, credentials, cancel)
        : RegistryClient.OpenAsync(options, name.Domain, credentials, cancel);

    private static async Task<ListMember> MemberAsync(RegistryClient client, ImageReference name, FetchedManifest fetched, CancellationToken cancel)
    {
        Platform? platform = await PlatformReading.OfManifestAsync(client, name, fetched, cancel);
        return new ListMember(name, fetched.Descriptor with { Platform = platform ?? new Platform() }, fetched.Bytes);
    }

    private async Task<IReadOnlyList<ListMember>> MembersAsync(RegistryClient client, ImageReference name, FetchedManifest fetched, bool withBytes, CancellationToken cancel)
    {
        IReadOnlyList<Descriptor> listed = ImageResolution.Read(fetched.Bytes, ImageJson.Default.ImageIndex, $"the index {fetched.Descriptor.Digest}").Manifests ?? [];
        if (listed.Count > MostMembers)
        {
            throw EngineException.Invalid($"{name} lists {listed.Count} manifests: more than {MostMembers} are not looked into");
        }

        ListMember[] members = [.. listed.Select(m => new ListMember(
            name with { Digest = ImageResolution.ParseDigest(m.Digest) },
            new Descriptor { MediaType = m.MediaType, Digest = m.Digest, Size = m.Size, Platform = m.Platform ?? new Platform() },
            null))];
        if (withBytes && listed.Sum(static m => Math.Clamp(m.Size, 0, MostBytes)) > MostBytes)
        {
            throw EngineException.Invalid($"{name} lists manifests of more than {MostBytes >> 20} MiB: they are not fetched");
        }

        // What comes is no longer than announced, or it is not taken.
        await Parallel.ForEachAsync(
            Enumerable.Range(0, withBytes ? members.Length : 0),
            new ParallelOptions { MaxDegreeOfParallelism = options.Downloads, CancellationToken = cancel },
            async (i, stop) =>
            {
                FetchedManifest manifest = await client.GetManifestAsync(name.Path, null, members[i].Name.Digest, stop);
                members[i] = manifest.Descriptor.Size == members[i].Descriptor.Size
                    ? members[i] with { Bytes = manifest.Bytes }
                    : throw EngineException.Invalid($"{members[i].Name} has {manifest.Descriptor.Size} bytes where its list announces {members[i].Descriptor.Size}");
            });
        return members;
    }
}
