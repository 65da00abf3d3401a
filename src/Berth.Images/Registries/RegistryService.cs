using System.Net;

using Berth.Images.Pull;
using Berth.Images.Registries.Http;
using Berth.Oci.Digests;
using Berth.Oci.Images;
using Berth.Oci.References;
using Berth.Storage;

namespace Berth.Images.Registries;

/// <summary>What registries are asked without pulling from them.</summary>
public sealed class RegistryService(RegistryOptions options)
{
    private const int LargestConfig = 8 << 20;

    /// <summary>How they are reached.</summary>
    public RegistryOptions Options => options;

    /// <summary>The registry that a client's server address means: "https://index.docker.io/v1/", "host:5000", "https://host/".</summary>
    /// <exception cref="EngineException">Invalid: it is no address.</exception>
    public static string RegistryOf(string? address)
    {
        string text = (address ?? "").Trim();
        foreach (string scheme in (string[])["https://", "http://"])
        {
            text = text.StartsWith(scheme, StringComparison.OrdinalIgnoreCase) ? text[scheme.Length..] : text;
        }

        string host = text.Split('/')[0];
        return host is "" or "index.docker.io" or "registry-1.docker.io" or ImageReference.DefaultDomain ? ImageReference.DefaultDomain
            : ImageReference.TryParse($"{host}/x", out ImageReference? reference) && reference.Domain == host ? host
            : throw EngineException.Invalid($"{host} is no registry: HOST or HOST:PORT is wanted");
    }

    /// <summary>Checks credentials.</summary>
    /// <exception cref="EngineException">Unauthorized: they do not do. Unavailable: the registry does not answer.</exception>
    public async Task<LoginResult> LoginAsync(RegistryCredentials credentials, CancellationToken cancel)
    {
        string registry = RegistryOf(credentials.ServerAddress);
        try
        {
            using RegistryClient client = await RegistryClient.OpenAsync(options, registry, credentials, cancel);
            return new LoginResult(await client.CheckAsync(cancel));
        }
        catch (RegistryException e) when (e.Status is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden)
        {
            throw new EngineException(EngineErrorKind.Unauthorized, $"login attempt to {registry} failed: {e.Told ?? e.Message}", e);
        }
        catch (RegistryException e)
        {
            throw EngineException.Unavailable($"login attempt to {registry} failed: {e.Message}", e);
        }
    }

    /// <summary>What a name means in its registry.</summary>
    /// <exception cref="EngineException">As a pull's.</exception>
    public async Task<DistributionInfo> InspectAsync(ImageReference name, RegistryCredentials? credentials, CancellationToken cancel)
    {
        ImageReference whole = name.WithDefaultTag();
        try
        {
            using RegistryClient client = await RegistryClient.OpenAsync(options, whole.Domain, credentials, cancel);
            FetchedManifest fetched = await client.GetManifestAsync(whole.Path, whole.Tag, whole.Digest, cancel);
            return new DistributionInfo(fetched.Descriptor, await PlatformsAsync(client, whole, fetched, cancel));
        }
        catch (RegistryException e)
        {
            throw PullErrors.Of(e, whole);
        }
    }

    /// <summary>Repositories of a registry for a term: "term" on Docker Hub, "host/term" elsewhere.</summary>
    /// <exception cref="EngineException">As a pull's.</exception>
    public async Task<IReadOnlyList<SearchResult>> SearchAsync(string term, int limit, RegistryCredentials? credentials, CancellationToken cancel)
    {
        (string registry, string rest) = SplitTerm(term);
        try
        {
            using RegistryClient client = await RegistryClient.OpenAsync(options, registry, credentials, cancel);
            return await new RegistryLists(client).SearchAsync(rest, limit, cancel);
        }
        catch (RegistryException e)
        {
            // Not "unauthorized": stock clients would ask for a login, or wait for an answer for ever.
            throw e.Status is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden
                ? new EngineException(EngineErrorKind.Forbidden, $"search of {registry} refused, it may require 'docker login': {e.Told ?? e.Message}", e)
                : EngineException.Unavailable(e.Message, e);
        }
    }

    internal static (string Registry, string Term) SplitTerm(string term)
    {
        int slash = term.IndexOf('/', StringComparison.Ordinal);
        string first = slash < 0 ? "" : term[..slash];
        return first.AsSpan().ContainsAny('.', ':') || first == "localhost" ? (RegistryOf(first), term[(slash + 1)..]) : (ImageReference.DefaultDomain, term);
    }

    // From the first endpoint that has it whole and right.
    private static async Task<byte[]> ConfigAsync(RegistryClient client, ImageReference name, Digest digest, long size, RegistryConnection from, CancellationToken cancel)
    {
        byte[] bytes = new byte[size];
        List<RegistryConnection> passedOver = [];
        while (true)
        {
            using BlobAnswer answer = await client.OpenBlobAsync(name.Path, digest, size, null, from, cancel, passedOver);
            string fault = $"the config {digest} is damaged";
            try
            {
                int at = 0, count;
                while (at < size && (count = await answer.ReadAsync(bytes.AsMemory(at), cancel)) > 0)
                {
                    at += count;
                }

                if (at == size && Digest.Of(bytes) == digest)
                {
                    return bytes;
                }
            }
            catch (RegistryException e)
            {
                fault = e.Message;
            }

            passedOver.Add(answer.Source);
            if (!client.HasOther(passedOver))
            {
                throw EngineException.Unavailable($"{name.Familiar}: {fault}");
            }

            client.Log($"{RegistryErrors.Shown(answer.Source.Endpoint.Api)}: {fault}; it is fetched from another host");
        }
    }

    private static async Task<IReadOnlyList<Platform>> PlatformsAsync(RegistryClient client, ImageReference name, FetchedManifest fetched, CancellationToken cancel)
    {
        if (MediaTypes.IsIndex(fetched.Descriptor.MediaType))
        {
            ImageIndex index = ImageResolution.Read(fetched.Bytes, ImageJson.Default.ImageIndex, $"the index {fetched.Descriptor.Digest}");
            return [.. (index.Manifests ?? []).Where(static m => m.Platform is not null).Select(static m => m.Platform!)];
        }

        Descriptor? config = ImageResolution.Read(fetched.Bytes, ImageJson.Default.Manifest, $"the manifest {fetched.Descriptor.Digest}").Config;
        if (config is null || config.MediaType is not (MediaTypes.Config or MediaTypes.DockerConfig) || config.Size is < 0 or > LargestConfig)
        {
            return [];
        }

        Digest digest = ImageResolution.ParseDigest(config.Digest);
        byte[] bytes = await ConfigAsync(client, name, digest, config.Size, fetched.From, cancel);
        Image image = ImageResolution.Read(bytes, ImageJson.Default.Image, $"the config {digest}");
        return [new Platform { Architecture = image.Architecture, Os = image.Os, Variant = image.Variant, OsVersion = image.OsVersion }];
    }
}
