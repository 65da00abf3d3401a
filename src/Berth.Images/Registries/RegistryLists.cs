using System.Net;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

using Berth.Images.Registries.Authorization;
using Berth.Images.Registries.Hosts;
using Berth.Images.Registries.Http;
using Berth.Oci.Digests;
using Berth.Oci.Images;
using Berth.Oci.References;

namespace Berth.Images.Registries;

/// <summary>What a registry lists: tags, repositories, what was found, what refers to a manifest.</summary>
internal sealed class RegistryLists(RegistryClient client)
{
    private const int PageSize = 1000;
    private const int LargestPage = 8 << 20;
    private const int MostEntries = 200_000;
    private const string HubSearch = "https://index.docker.io/v1/search";

    /// <summary>All tags of a repository.</summary>
    public IAsyncEnumerable<string> TagsAsync(string repository, CancellationToken cancel) =>
        PagesAsync($"{repository}/tags/list?n={PageSize}", TokenScope.Pull(repository), RegistryJson.Default.TagList, static page => page.Tags, cancel);

    /// <summary>All repositories that the registry shows.</summary>
    public IAsyncEnumerable<string> RepositoriesAsync(CancellationToken cancel) =>
        PagesAsync($"_catalog?n={PageSize}", TokenScope.Catalogue, RegistryJson.Default.RepositoryList, static page => page.Repositories, cancel);

    /// <summary>Repositories for a term: by the registry's search, or where it has none, those of its catalogue with the term in their name.</summary>
    public async Task<IReadOnlyList<SearchResult>> SearchAsync(string term, int limit, CancellationToken cancel) =>
        await AskSearchAsync(term, limit, cancel) ?? await FromCatalogueAsync(term, limit, cancel);

    /// <summary>What refers to a manifest: signatures, attestations. By the referrers API, else by the tag that stands in for it (distribution specification, "Referrers Tag Schema").</summary>
    public async Task<IReadOnlyList<Descriptor>> ReferrersAsync(string repository, Digest subject, CancellationToken cancel)
    {
        try
        {
            return await client.FirstAsync(
                HostCapabilities.Pull | HostCapabilities.Resolve,
                null,
                async connection => await IndexAsync(connection, repository, $"{repository}/referrers/{subject}", cancel)
                    ?? await IndexAsync(connection, repository, $"{repository}/manifests/sha256-{subject.Hex}", cancel)
                    ?? throw new RegistryException($"nothing refers to {subject}") { Status = HttpStatusCode.NotFound }); // a mirror may have less than the registry
        }
        catch (RegistryException e) when (e.Status == HttpStatusCode.NotFound)
        {
            return [];
        }
    }

    private async IAsyncEnumerable<string> PagesAsync<T>(
        string first, TokenScope scope, JsonTypeInfo<T> type, Func<T, IReadOnlyList<string>?> entries, [EnumeratorCancellation] CancellationToken cancel)
        where T : class
    {
        (RegistryConnection from, IReadOnlyList<string> page, Uri? next) = await client.FirstAsync(
            HostCapabilities.Resolve, null, connection => PageAsync(connection, connection.At(first), scope, type, entries, cancel));
        int count = 0;
        while (true)
        {
            foreach (string entry in page)
            {
                yield return ++count <= MostEntries ? entry : throw new RegistryException($"{client.Registry} lists more than {MostEntries} entries") { IsDamaged = true };
            }

            if (next is null || page.Count == 0)
            {
                yield break;
            }

            (_, page, next) = await PageAsync(from, next, scope, type, entries, cancel);
        }
    }

    private static async Task<(RegistryConnection From, IReadOnlyList<string> Page, Uri? Next)> PageAsync<T>(
        RegistryConnection connection, Uri address, TokenScope scope, JsonTypeInfo<T> type, Func<T, IReadOnlyList<string>?> entries, CancellationToken cancel)
        where T : class
    {
        using HttpResponseMessage answer = await connection.SendGoodAsync(new RegistryRequest(HttpMethod.Get, address) { Accept = ["application/json"], Scopes = [scope] }, cancel);
        T? page = Parse(await LimitedBody.ReadAsync(answer, LargestPage, "the list", connection.Silence, cancel), type, address);
        string? next = answer.Headers.NonValidated.TryGetValues("Link", out var links) ? LinkHeader.Next(links) : null;
        if (next is null)
        {
            return (connection, page is null ? [] : entries(page) ?? [], null);
        }

        // What follows is asked of the same endpoint: the request is authorized.
        Uri? target = Uri.TryCreate(address, next, out Uri? whole) && whole.Authority == address.Authority && whole.Scheme == address.Scheme ? whole : null;
        return target is null || target == address
            ? throw new RegistryException($"{RegistryErrors.Shown(address)} names a next page that is not its own") { IsDamaged = true }
            : (connection, page is null ? [] : entries(page) ?? [], target);
    }

    private async Task<IReadOnlyList<SearchResult>?> AskSearchAsync(string term, int limit, CancellationToken cancel)
    {
        string query = $"?q={Uri.EscapeDataString(term)}&n={limit}";
        return await client.FirstAsync<IReadOnlyList<SearchResult>?>(
            HostCapabilities.None,
            null,
            async connection =>
            {
                Uri address = client.Registry == ImageReference.DefaultDomain && connection.Endpoint.IsUpstream ? new Uri(HubSearch + query) : new Uri(connection.Endpoint.Api, "../v1/search" + query);
                using HttpResponseMessage answer = await connection.SendAsync(new RegistryRequest(HttpMethod.Get, address) { Accept = ["application/json"] }, cancel);
                if (answer.StatusCode == HttpStatusCode.NotFound)
                {
                    return null;
                }

                return answer.IsSuccessStatusCode
                    ? [.. (Parse(await LimitedBody.ReadAsync(answer, LargestPage, "the list", connection.Silence, cancel), RegistryJson.Default.SearchAnswer, address)?.Results ?? []).Take(limit)]
                    : throw await RegistryErrors.OfAnswerAsync(answer, cancel);
            });
    }

    private async Task<IReadOnlyList<SearchResult>> FromCatalogueAsync(string term, int limit, CancellationToken cancel)
    {
        var found = new List<SearchResult>();
        await foreach (string name in RepositoriesAsync(cancel))
        {
            if (name.Contains(term, StringComparison.OrdinalIgnoreCase))
            {
                found.Add(new SearchResult { Name = $"{client.Registry}/{name}" }); // as it is pulled
            }

            if (found.Count == limit)
            {
                break;
            }
        }

        return found;
    }

    private static async Task<IReadOnlyList<Descriptor>?> IndexAsync(RegistryConnection connection, string repository, string path, CancellationToken cancel)
    {
        var request = new RegistryRequest(HttpMethod.Get, connection.At(path)) { Accept = [MediaTypes.Index], Scopes = [TokenScope.Pull(repository)] };
        using HttpResponseMessage answer = await connection.SendAsync(request, cancel);
        if (answer.StatusCode == HttpStatusCode.NotFound)
        {
            return null;
        }

        if (!answer.IsSuccessStatusCode)
        {
            throw await RegistryErrors.OfAnswerAsync(answer, cancel);
        }

        byte[] body = await LimitedBody.ReadAsync(answer, RegistryClient.LargestManifest, "the index", connection.Silence, cancel);
        return Parse(body, ImageJson.Default.ImageIndex, request.Address)?.Manifests?.Where(static m => m is not null).ToList() is { Count: > 0 } found ? found : null;
    }

    private static T? Parse<T>(byte[] body, JsonTypeInfo<T> type, Uri address)
        where T : class
    {
        try
        {
            return JsonSerializer.Deserialize(body, type);
        }
        catch (JsonException e)
        {
            throw new RegistryException($"{RegistryErrors.Shown(address)} answered with malformed JSON: {Storage.JsonFault.Describe(e)}") { IsDamaged = true };
        }
    }
}
