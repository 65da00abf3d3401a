using System.Text.Json;
using Berth.Api;
using Berth.Daemon.Http;
using Berth.Daemon.Requests;
using Berth.Engine.Images;
using Berth.Images.Push;

namespace Berth.Daemon.Endpoints.Images;

/// <summary>POST /images/{name}/push: progress goes out line by line, a failure after the first of them in the stream.</summary>
internal static class Push
{
    public static Task HandleAsync(ApiCall call)
    {
        var request = new PushRequest
        {
            Reference = ImageCatalog.Source(call.Name, call.Query.Text("tag")),
            Platform = PlatformText.Of(call),
            Credentials = RegistryAuth.Of(call),
        };
        return ProgressStream.SendAsync<PushStep>(call, steps => call.Engine.Pusher.PushAsync(request, steps, call.Aborted), Messages);
    }

    // Layers always have a detail, which may be empty: some clients look into it.
    internal static IEnumerable<StreamMessage> Messages(PushStep step)
    {
        yield return new StreamMessage
        {
            Status = step.Status, Id = step.Id, ProgressDetail = step.Id is null ? null : new ProgressDetail { Current = step.Current, Total = step.Total },
        };
        if (step.Pushed is { } pushed)
        {
            var result = new PushResult { Tag = pushed.Tag, Digest = pushed.Digest.ToString(), Size = pushed.Size };
            yield return new StreamMessage { ProgressDetail = new ProgressDetail(), Aux = JsonSerializer.SerializeToElement(result, ApiJson.Wire.PushResult) };
        }
    }
}
