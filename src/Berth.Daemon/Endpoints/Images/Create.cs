using Berth.Api;
using Berth.Daemon.Http;
using Berth.Daemon.Requests;
using Berth.Engine.Images;
using Berth.Images;
using Berth.Storage;

namespace Berth.Daemon.Endpoints.Images;

/// <summary>POST /images/create: a pull, or the import of a file system from the body.</summary>
internal static class Create
{
    public static async Task HandleAsync(ApiCall call)
    {
        if (call.Query.Text("fromImage") is string image)
        {
            await Pull.HandleAsync(call, image).ConfigureAwait(false);
            return;
        }

        string source = call.Query.Text("fromSrc") ?? throw EngineException.Invalid("one of fromImage and fromSrc is wanted");
        if (source != "-")
        {
            throw EngineException.NotImplemented($"berth: importing from {source} is not supported yet: send the archive itself (docker import - < FILE)");
        }

        string? repository = call.Query.Text("repo");
        var request = new ImportRequest
        {
            Reference = repository is null ? null : ImageCatalog.Target(repository, call.Query.Text("tag")),
            Changes = call.Query.All("changes"),
            Message = call.Query.Text("message") ?? "",
            Platform = PlatformText.Of(call),
        };
        string id = await call.Engine.Images.ImportAsync(call.Http.Request.Body, request, call.Aborted).ConfigureAwait(false);
        await call.WriteAsync(new StreamMessage { Status = id }, ApiJson.Wire.StreamMessage).ConfigureAwait(false);
    }
}
