using Berth.Api;
using Berth.Daemon.Http;
using Berth.Engine.Images;
using Berth.Images.Registries;
using Berth.Storage;

namespace Berth.Daemon.Endpoints.Images;

/// <summary>GET /images/search: what a registry finds, or has in its catalogue.</summary>
internal static class Search
{
    private const int Usual = 25, Most = 100;

    public static async Task HandleAsync(ApiCall call)
    {
        string term = call.Query.Text("term") ?? throw EngineException.Invalid("no term to search for was given");
        int limit = call.Query.Number("limit") is { } given and not 0 ? given : Usual;
        if (limit is < 1 or > Most)
        {
            throw EngineException.Invalid($"limit {limit} is outside the range of [1, {Most}]");
        }

        var filter = new SearchFilter(call.Query.Filters());
        IReadOnlyList<SearchResult> found = await call.Engine.Registries.SearchAsync(term, limit, RegistryAuth.Of(call), call.Aborted).ConfigureAwait(false);
        await call.WriteAsync(
            [.. found.Where(filter.Admits).Select(static r => new ImageSearchResponseItem
            {
                StarCount = r.Stars, IsOfficial = r.IsOfficial, Name = r.Name, IsAutomated = r.IsAutomated, Description = r.Description ?? "",
            })],
            ApiJson.Wire.IReadOnlyListImageSearchResponseItem).ConfigureAwait(false);
    }
}
