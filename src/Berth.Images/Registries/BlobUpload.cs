using System.Net;

using Berth.Images.Registries.Authorization;
using Berth.Images.Registries.Hosts;
using Berth.Images.Registries.Http;
using Berth.Oci.Digests;

namespace Berth.Images.Registries;

/// <summary>Writing to a repository: blobs whole, in chunks that resume, or mounted from a neighbour; then manifests (distribution specification, "Push").</summary>
/// <param name="client">The registry.</param>
/// <param name="repository">Path within it.</param>
internal sealed class BlobUpload(RegistryClient client, string repository)
{
    private const string Binary = "application/octet-stream";

    /// <summary>Whether the repository has a blob.</summary>
    public Task<bool> ExistsAsync(Digest digest, CancellationToken cancel) => client.FirstAsync(
        HostCapabilities.Push,
        null,
        async connection =>
        {
            using HttpResponseMessage answer = await connection.SendAsync(Request(HttpMethod.Head, connection.At($"{repository}/blobs/{digest}")), cancel);
            return answer.StatusCode != HttpStatusCode.NotFound && (answer.IsSuccessStatusCode ? true : throw await RegistryErrors.OfAnswerAsync(answer, cancel));
        });

    /// <summary>Begins an upload, or has the registry take the blob from another of its repositories: then there is nothing to upload, and the answer is null.</summary>
    /// <param name="mount">Digest, and the repository that has it; null: none is known.</param>
    /// <param name="cancel">The caller no longer wants it.</param>
    public Task<UploadSession?> BeginAsync((Digest Digest, string From)? mount, CancellationToken cancel) => client.FirstAsync(
        HostCapabilities.Push,
        null,
        async connection =>
        {
            string query = mount is { } m ? $"?mount={m.Digest}&from={Uri.EscapeDataString(m.From)}" : "";
            RegistryRequest request = Request(HttpMethod.Post, connection.At($"{repository}/blobs/uploads/{query}")) with { Content = static () => new ByteArrayContent([]) };
            if (mount is { } other)
            {
                request = request with { Scopes = [.. request.Scopes, TokenScope.Pull(other.From)] };
            }

            using HttpResponseMessage answer = await connection.SendGoodAsync(request, cancel);
            return answer.StatusCode == HttpStatusCode.Created ? null : new UploadSession(connection, Location(connection, request.Address, answer), 0, Least(answer));
        });

    /// <summary>Sends the next chunk. Not tried again by itself: ask <see cref="StatusAsync"/> how far it came.</summary>
    /// <param name="session">Where the upload stands.</param>
    /// <param name="chunk">Makes the chunk's content.</param>
    /// <param name="length">Its bytes.</param>
    /// <param name="cancel">The caller no longer wants it.</param>
    public async Task<UploadSession> SendAsync(UploadSession session, Func<Stream> chunk, long length, CancellationToken cancel)
    {
        RegistryRequest request = Request(HttpMethod.Patch, session.Location) with
        {
            IsRepeatable = false,
            Content = () => Body(chunk(), length, ("Content-Range", $"{session.Offset}-{session.Offset + length - 1}")),
        };
        using HttpResponseMessage answer = await session.Connection.SendGoodAsync(request, cancel);
        return session with { Location = Location(session.Connection, request.Address, answer), Offset = session.Offset + length };
    }

    /// <summary>How far an upload that broke off came.</summary>
    public async Task<UploadSession> StatusAsync(UploadSession session, CancellationToken cancel)
    {
        RegistryRequest request = Request(HttpMethod.Get, session.Location);
        using HttpResponseMessage answer = await session.Connection.SendGoodAsync(request, cancel);
        return session with { Location = Location(session.Connection, request.Address, answer), Offset = Received(RegistryConnection.Header(answer, "Range")) };
    }

    /// <summary>Ends an upload: with the rest of the blob, or all of it, or nothing more.</summary>
    public async Task FinishAsync(UploadSession session, Digest digest, Func<Stream>? rest, long length, CancellationToken cancel)
    {
        var address = new UriBuilder(session.Location);
        address.Query = address.Query.Length > 1 ? $"{address.Query[1..]}&digest={digest}" : $"digest={digest}";
        RegistryRequest request = Request(HttpMethod.Put, address.Uri) with
        {
            IsRepeatable = rest is null,
            Content = () => rest is null ? new ByteArrayContent([]) : Body(rest(), length),
        };
        (await session.Connection.SendGoodAsync(request, cancel)).Dispose();
    }

    /// <summary>Gives an upload up.</summary>
    public async Task AbandonAsync(UploadSession session, CancellationToken cancel) =>
        (await session.Connection.SendAsync(Request(HttpMethod.Delete, session.Location), cancel)).Dispose();

    /// <summary>Writes a manifest under a tag or its digest.</summary>
    public Task PutManifestAsync(string reference, string mediaType, byte[] bytes, CancellationToken cancel) => client.FirstAsync(
        HostCapabilities.Push,
        null,
        async connection =>
        {
            RegistryRequest request = Request(HttpMethod.Put, connection.At($"{repository}/manifests/{reference}")) with
            {
                Content = () => new ByteArrayContent(bytes) { Headers = { { "Content-Type", mediaType } } },
            };
            using HttpResponseMessage answer = await connection.SendGoodAsync(request, cancel);
            return true;
        });

    /// <summary>Bytes that a registry has, by its header Range: "0-99" is 100; "0-0" is none, as registries use it before the first.</summary>
    internal static long Received(string? range)
    {
        string[] parts = (range ?? "").Replace("bytes=", "", StringComparison.Ordinal).Split('-');
        return parts.Length == 2 && parts[0] == "0" && long.TryParse(parts[1], System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out long last) && last > 0
            ? last + 1
            : 0;
    }

    private RegistryRequest Request(HttpMethod method, Uri address) => new(method, address) { Scopes = [TokenScope.Push(repository)] };

    private static StreamContent Body(Stream stream, long length, params (string Name, string Value)[] headers)
    {
        var content = new StreamContent(stream);
        content.Headers.ContentLength = length;
        content.Headers.TryAddWithoutValidation("Content-Type", Binary);
        foreach ((string name, string value) in headers)
        {
            content.Headers.TryAddWithoutValidation(name, value);
        }

        return content;
    }

    private static Uri Location(RegistryConnection connection, Uri asked, HttpResponseMessage answer)
    {
        Uri location = Uri.TryCreate(asked, RegistryConnection.Header(answer, "Location"), out Uri? told) && told.Scheme is "http" or "https"
            ? told
            : throw new RegistryException($"{RegistryErrors.Shown(asked)} does not say where to upload to") { IsDamaged = true };

        // As with redirects: what was begun with TLS does not go on without.
        return asked.Scheme == "https" && location.Scheme != "https" && !connection.Endpoint.SkipVerify
            ? throw new RegistryException($"{RegistryErrors.Shown(asked)} wants the upload at {RegistryErrors.Shown(location)}, which is without TLS: refused") { IsDamaged = true }
            : location;
    }

    private static long Least(HttpResponseMessage answer) =>
        long.TryParse(RegistryConnection.Header(answer, "OCI-Chunk-Min-Length"), out long least) && least > 0 ? least : 0;
}
