using Berth.Api;
using Berth.Daemon.Http;
using Berth.Engine.Containers;
using Berth.Engine.Images;
using Berth.Storage;
using Microsoft.AspNetCore.Http;

namespace Berth.Daemon.Endpoints.Images;

/// <summary>POST /commit: a container becomes an image.</summary>
internal static class Commit
{
    public static async Task HandleAsync(ApiCall call)
    {
        ContainerConfig? config = await JsonBody.ReadAsync(call, ApiJson.Default.ContainerConfig).ConfigureAwait(false);
        string? repository = call.Query.Text("repo"), tag = call.Query.Text("tag");
        if (repository is null && tag is not null)
        {
            throw EngineException.Invalid($"the tag {tag} belongs to no repository: name one");
        }

        var options = new CommitOptions
        {
            Container = call.Query.Text("container") ?? throw EngineException.Invalid("no container was named: ?container= is wanted"),
            Reference = repository is null ? null : ImageCatalog.Target(repository, tag),
            Author = call.Query.Text("author") ?? "",
            Comment = call.Query.Text("comment") ?? "",
            Pause = call.Query.Flag("pause", absent: true),
            Changes = call.Query.All("changes"),
            Config = config,
            Squash = call.Query.Flag("squash"),
            SquashBase = call.Query.Text("squash-base"),
        };
        string id = await call.Engine.Commit.CommitAsync(options, call.Aborted).ConfigureAwait(false);
        await call.WriteAsync(new IDResponse { Id = id }, ApiJson.Wire.IDResponse, StatusCodes.Status201Created).ConfigureAwait(false);
    }
}
