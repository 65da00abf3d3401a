using System.Net;
using System.Runtime.CompilerServices;

using Berth.Images.Pull;
using Berth.Images.Registries;
using Berth.Oci.Digests;
using Berth.Oci.Images;

namespace Berth.Images.Signatures;

/// <summary>Finds the signatures that a registry has for an image: cosign's tag (sha256-HEX.sig), then what refers to it.</summary>
internal sealed class SignatureSearch(RegistryClient client, string repository)
{
    /// <summary>So many are looked at, whatever a registry lists.</summary>
    public const int Most = 64;

    private const int MostReferrers = 16;
    private const int LongestPayload = 64 << 10;
    private const string SimpleSigning = "application/vnd.dev.cosign.simplesigning.v1+json";
    private const string Artifact = "application/vnd.dev.cosign.artifact.sig.v1+json";
    private const string Bundle = "application/vnd.dev.sigstore.bundle";
    private const string Annotation = "dev.cosignproject.cosign/signature";

    /// <summary>Those for one document, as they are needed.</summary>
    /// <exception cref="RegistryException">The registry cannot be asked.</exception>
    public async IAsyncEnumerable<FoundSignature> OfAsync(Digest document, [EnumeratorCancellation] CancellationToken cancel)
    {
        string tag = $"sha256-{document.Hex}.sig";
        await foreach (FoundSignature one in InManifestAsync(await FindAsync(tag, null, cancel), $"the tag {tag}", cancel))
        {
            yield return one;
        }

        IReadOnlyList<Descriptor> referrers = await new RegistryLists(client).ReferrersAsync(repository, document, cancel);
        foreach (Descriptor referrer in referrers.Where(static r => r.ArtifactType?.StartsWith(Bundle, StringComparison.Ordinal) == true).Take(1))
        {
            yield return new FoundSignature($"the referrer {referrer.Digest}", [], null)
            {
                Problem = "it is a sigstore bundle, which names no image and is not accepted here ('cosign sign --new-bundle-format=false' makes one that is)",
            };
        }

        foreach (Descriptor referrer in referrers.Where(static r => r.ArtifactType == Artifact).Take(MostReferrers))
        {
            FetchedManifest? found = Digest.TryParse(referrer.Digest, out Digest digest) ? await FindAsync(null, digest, cancel) : null;
            await foreach (FoundSignature one in InManifestAsync(found, $"the referrer {referrer.Digest}", cancel))
            {
                yield return one;
            }
        }
    }

    private async Task<FetchedManifest?> FindAsync(string? tag, Digest? digest, CancellationToken cancel)
    {
        try
        {
            return await client.GetManifestAsync(repository, tag, digest, cancel);
        }
        catch (RegistryException e) when (e.Status == HttpStatusCode.NotFound)
        {
            return null;
        }
    }

    private async IAsyncEnumerable<FoundSignature> InManifestAsync(FetchedManifest? found, string where, [EnumeratorCancellation] CancellationToken cancel)
    {
        if (found is null)
        {
            yield break;
        }

        Manifest manifest = ImageResolution.Read(found.Bytes, ImageJson.Default.Manifest, where);
        foreach (Descriptor layer in (manifest.Layers ?? []).Where(static l => l.MediaType == SimpleSigning).Take(Most))
        {
            string? signature = layer.Annotations?.GetValueOrDefault(Annotation);
            if (layer.Size is < 0 or > LongestPayload || !Digest.TryParse(layer.Digest, out Digest digest))
            {
                yield return new FoundSignature(where, [], signature) { Problem = $"its payload {layer.Digest} of {layer.Size} bytes is not accepted: at most {LongestPayload >> 10} KiB" };
                continue;
            }

            yield return await PayloadAsync(digest, layer.Size, found, where, signature, cancel);
        }
    }

    private async Task<FoundSignature> PayloadAsync(Digest digest, long size, FetchedManifest found, string where, string? signature, CancellationToken cancel)
    {
        try
        {
            return new FoundSignature(where, await SmallBlob.ReadAsync(client, repository, digest, (int)size, found.From, cancel), signature);
        }
        catch (RegistryException e) when (e.Status == HttpStatusCode.NotFound || e.IsDamaged)
        {
            return new FoundSignature(where, [], signature) { Problem = $"its payload cannot be had: {e.Message}" };
        }
    }
}
