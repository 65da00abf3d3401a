using System.Net;

using Berth.Images.Registries.Authorization;
using Berth.Images.Registries.Hosts;
using Berth.Images.Registries.Http;
using Berth.Oci.Digests;
using Berth.Oci.Images;

namespace Berth.Images.Registries;

/// <summary>
/// One registry, asked with one user's credentials (OCI distribution specification, and Docker's registry API v2 before it): its mirrors first,
/// each for what it is trusted with. Lives as long as one pull or push.
/// </summary>
internal sealed class RegistryClient : IDisposable
{
    /// <summary>As the specification allows registries to limit them; bytes.</summary>
    public const int LargestManifest = 4 << 20;

    private readonly IReadOnlyList<RegistryConnection> _connections;
    private readonly RetryPolicy _retry;
    private readonly Action<string> _log;

    internal RegistryClient(string registry, IEnumerable<RegistryEndpoint> endpoints, RegistryCredentials? credentials, RegistryOptions options)
    {
        Registry = registry;
        (_retry, _log) = (options.Retry, options.Log);
        var connections = new List<RegistryConnection>();
        try
        {
            foreach (RegistryEndpoint endpoint in endpoints)
            {
                connections.Add(new RegistryConnection(endpoint, credentials, options));
            }
        }
        catch
        {
            connections.ForEach(static c => c.Dispose());
            throw;
        }

        _connections = connections;
    }

    /// <summary>Its name as in references: "docker.io", "localhost:5000".</summary>
    public string Registry { get; }

    public RetryPolicy Retry => _retry;

    /// <exception cref="Storage.EngineException">Invalid: its settings or certificates are wrong.</exception>
    public static async Task<RegistryClient> OpenAsync(RegistryOptions options, string registry, RegistryCredentials? credentials, CancellationToken cancel) =>
        new(registry, await new RegistryHosts(options).ResolveAsync(registry, cancel), credentials, options);

    /// <summary>As <see cref="OpenAsync"/>, where the registry may do without a good certificate, or without TLS.</summary>
    /// <exception cref="Storage.EngineException">Invalid: its settings or certificates are wrong.</exception>
    public static async Task<RegistryClient> OpenInsecureAsync(RegistryOptions options, string registry, RegistryCredentials? credentials, CancellationToken cancel) =>
        new(registry, await new RegistryHosts(options).ResolveInsecureAsync(registry, cancel), credentials, options);

    /// <summary>A manifest or index by tag or digest.</summary>
    /// <param name="repository">Path within the registry.</param>
    /// <param name="tag">Null: by the digest.</param>
    /// <param name="digest">What it must hash to; null: anything.</param>
    /// <param name="cancel">The caller no longer wants it.</param>
    public Task<FetchedManifest> GetManifestAsync(string repository, string? tag, Digest? digest, CancellationToken cancel) => FirstAsync(
        digest is null ? HostCapabilities.Pull | HostCapabilities.Resolve : HostCapabilities.Pull,
        null,
        connection => GetManifestAsync(connection, repository, digest?.ToString() ?? tag!, digest, cancel));

    /// <summary>As much of a blob as is wanted, from the endpoint that has it.</summary>
    /// <param name="repository">Path within the registry.</param>
    /// <param name="digest">Its digest; checking it is the caller's.</param>
    /// <param name="size">Its whole size, which the answer must agree with.</param>
    /// <param name="range">First and last byte; null: all.</param>
    /// <param name="preferred">Asked first.</param>
    /// <param name="cancel">The caller no longer wants it.</param>
    /// <param name="passedOver">Not asked; null: all are.</param>
    public Task<BlobAnswer> OpenBlobAsync(
        string repository, Digest digest, long size, (long From, long To)? range, RegistryConnection? preferred, CancellationToken cancel, IReadOnlyCollection<RegistryConnection>? passedOver = null) =>
        FirstAsync(HostCapabilities.Pull, preferred, connection => OpenBlobAsync(connection, repository, digest, size, range, cancel), passedOver);

    /// <summary>Whether there is an endpoint that blobs may be had from, beside these.</summary>
    public bool HasOther(IReadOnlyCollection<RegistryConnection> passedOver)
    {
        bool isUnreachable = false;
        foreach (RegistryConnection connection in _connections)
        {
            bool isAsked = connection.Dead is null && (!connection.Endpoint.IsFallback || isUnreachable);
            if (isAsked && connection.Endpoint.Capabilities.HasFlag(HostCapabilities.Pull) && !passedOver.Contains(connection))
            {
                return true;
            }

            isUnreachable = connection.Dead is not null;
        }

        return false;
    }

    /// <summary>Says in the daemon's log what an endpoint did wrong.</summary>
    public void Log(string line) => _log(line);

    /// <summary>Whether the registry answers, and takes the credentials. The lasting token it gave for them, if it did.</summary>
    public Task<string?> CheckAsync(CancellationToken cancel) => FirstAsync(
        HostCapabilities.None,
        _connections.FirstOrDefault(static c => c.Endpoint.IsUpstream),
        async connection =>
        {
            using HttpResponseMessage answer = await connection.SendGoodAsync(new RegistryRequest(HttpMethod.Get, connection.At("")), cancel);
            return connection.Authorizer.IdentityToken;
        });

    /// <summary>What a tag means, without its bytes; null: there is no such manifest.</summary>
    public Task<Descriptor?> FindManifestAsync(string repository, string reference, CancellationToken cancel) => FirstAsync(
        HostCapabilities.Resolve,
        null,
        async connection =>
        {
            var request = new RegistryRequest(HttpMethod.Head, connection.At($"{repository}/manifests/{reference}")) { Accept = ManifestForm.Accepted, Scopes = [TokenScope.Pull(repository)] };
            using HttpResponseMessage answer = await connection.SendAsync(request, cancel);
            if (answer.StatusCode == HttpStatusCode.NotFound)
            {
                return null;
            }

            return !answer.IsSuccessStatusCode ? throw await RegistryErrors.OfAnswerAsync(answer, cancel) : new Descriptor
            {
                MediaType = answer.Content.Headers.ContentType?.MediaType ?? "",
                Digest = RegistryConnection.Header(answer, "Docker-Content-Digest") ?? "",
                Size = answer.Content.Headers.ContentLength ?? 0,
            };
        });

    /// <summary>Asks each endpoint that is trusted with it until one has it; fails with what the last one said, which is the registry itself.</summary>
    internal async Task<T> FirstAsync<T>(
        HostCapabilities needed, RegistryConnection? preferred, Func<RegistryConnection, Task<T>> ask, IReadOnlyCollection<RegistryConnection>? passedOver = null)
    {
        RegistryException? failure = null;
        bool isUnreachable = false;
        foreach (RegistryConnection connection in preferred is null ? _connections : [preferred, .. _connections.Where(c => c != preferred)])
        {
            bool isTrusted = (connection.Endpoint.Capabilities & needed) == needed;
            if (!isTrusted || (connection.Endpoint.IsFallback && !isUnreachable && connection != preferred) || passedOver?.Contains(connection) == true)
            {
                continue;
            }

            // Of endpoints that cannot be reached or have not what is asked for nothing is said: that is a mirror's everyday life.
            if (failure?.IsDamaged == true)
            {
                _log($"{failure.Message}: going on with {RegistryErrors.Shown(connection.Endpoint.Api)}");
            }

            if (connection.Dead is { } dead)
            {
                (isUnreachable, failure) = (true, failure ?? dead); // known since before: less than what another says now
                continue;
            }

            try
            {
                return await ask(connection);
            }
            catch (RegistryException e)
            {
                (isUnreachable, failure) = (e.IsUnreachable, e);
            }
        }

        throw failure ?? new RegistryException($"no endpoint of {Registry} may be used for this: its settings allow none ({needed})");
    }

    public void Dispose()
    {
        foreach (RegistryConnection connection in _connections)
        {
            connection.Dispose();
        }
    }

    private static async Task<FetchedManifest> GetManifestAsync(RegistryConnection connection, string repository, string reference, Digest? expected, CancellationToken cancel)
    {
        var request = new RegistryRequest(HttpMethod.Get, connection.At($"{repository}/manifests/{reference}")) { Accept = ManifestForm.Accepted, Scopes = [TokenScope.Pull(repository)] };
        using HttpResponseMessage answer = await connection.SendGoodAsync(request, cancel);
        byte[] bytes = await LimitedBody.ReadAsync(answer, LargestManifest, "the manifest", connection.Silence, cancel);
        var digest = Digest.Of(bytes);
        string told = RegistryConnection.Header(answer, "Docker-Content-Digest") ?? "";
        if (expected is { } wanted && wanted != digest)
        {
            throw Damaged(request, $"the manifest has the digest {digest} instead");
        }

        // A registry may name it by another algorithm; by this one it must be right.
        if (Digest.TryParse(told, out Digest named) && named != digest)
        {
            throw Damaged(request, $"the manifest has the digest {digest}, but is announced as {named}");
        }

        try
        {
            string type = ManifestForm.Of(bytes, RegistryConnection.Header(answer, "Content-Type"));
            return new FetchedManifest(new Descriptor { MediaType = type, Digest = digest.ToString(), Size = bytes.Length }, bytes, connection);
        }
        catch (FormatException e)
        {
            throw Damaged(request, $"the manifest cannot be used: {e.Message}");
        }
    }

    private async Task<BlobAnswer> OpenBlobAsync(RegistryConnection connection, string repository, Digest digest, long size, (long From, long To)? range, CancellationToken cancel)
    {
        var request = new RegistryRequest(HttpMethod.Get, connection.At($"{repository}/blobs/{digest}"))
        {
            Scopes = [TokenScope.Pull(repository)], From = range?.From, To = range?.To, RetriesConnecting = true,
        };
        HttpResponseMessage answer = await SendForBlobAsync(connection, request, cancel);
        try
        {
            long from = 0;
            bool isPart = answer.StatusCode == HttpStatusCode.PartialContent;
            long? whole = isPart ? answer.Content.Headers.ContentRange?.Length : answer.Content.Headers.ContentLength;
            if (isPart)
            {
                from = answer.Content.Headers.ContentRange?.From ?? -1;
                if (range is null || from != range.Value.From || answer.Content.Headers.ContentRange!.To > range.Value.To)
                {
                    throw Damaged(request, "another part of it was sent than was asked for");
                }
            }

            if (whole is { } length && length != size)
            {
                throw Damaged(request, $"it has {length} bytes where the manifest announces {size}");
            }

            return new BlobAnswer(connection, answer, await answer.Content.ReadAsStreamAsync(cancel), from, isPart, _retry.Silence);
        }
        catch
        {
            answer.Dispose();
            throw;
        }
    }

    // A blob that is missing is no manifest that is missing, whether the registry says so or not.
    private static async Task<HttpResponseMessage> SendForBlobAsync(RegistryConnection connection, RegistryRequest request, CancellationToken cancel)
    {
        try
        {
            return await connection.SendGoodAsync(request, cancel);
        }
        catch (RegistryException e) when (e is { Status: HttpStatusCode.NotFound, Code: null })
        {
            throw new RegistryException(e.Message, e) { Status = e.Status, Code = "BLOB_UNKNOWN", Told = e.Told };
        }
    }

    private static RegistryException Damaged(RegistryRequest request, string what) => new($"{RegistryErrors.Shown(request.Address)}: {what}") { IsDamaged = true };
}
