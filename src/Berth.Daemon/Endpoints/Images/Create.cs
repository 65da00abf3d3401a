using Berth.Api;
using Berth.Daemon.Http;
using Berth.Engine.Images;
using Berth.Images;
using Berth.Oci.Images;
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
            Platform = PlatformOf(call.Query.Text("platform")),
        };
        string id = await call.Engine.Images.ImportAsync(call.Http.Request.Body, request, call.Aborted).ConfigureAwait(false);
        await call.WriteAsync(new StreamMessage { Status = id }, ApiJson.Wire.StreamMessage).ConfigureAwait(false);
    }

    /// <summary>Reads OS[/ARCHITECTURE[/VARIANT]], lower case as everywhere.</summary>
    /// <exception cref="EngineException">Invalid: another form.</exception>
    internal static Platform? PlatformOf(string? text)
    {
        if (text is null)
        {
            return null;
        }

        string[] parts = text.ToLowerInvariant().Split('/');
        return parts.Length <= 3 && parts.All(static p => p.Length > 0)
            ? new Platform { Os = parts[0], Architecture = parts.ElementAtOrDefault(1) ?? "", Variant = parts.ElementAtOrDefault(2) }
            : throw EngineException.Invalid($"\"{text}\" is no platform: OS[/ARCHITECTURE[/VARIANT]] is wanted");
    }
}
