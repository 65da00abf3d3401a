using Berth.Api;
using Berth.Daemon.Http;
using Berth.Daemon.Requests;
using Berth.Engine.Images;
using Berth.Images.Pull;

namespace Berth.Daemon.Endpoints.Images;

/// <summary>POST /images/create with fromImage: progress goes out line by line; a failure before the first line has a status of its own.</summary>
internal static class Pull
{
    public static Task HandleAsync(ApiCall call, string image)
    {
        var request = new PullRequest
        {
            Reference = ImageCatalog.Source(image, call.Query.Text("tag")),
            Platform = PlatformText.Of(call),
            Credentials = RegistryAuth.Of(call),
        };
        return ProgressStream.SendAsync<PullStep>(call, steps => call.Engine.Puller.PullAsync(request, steps, call.Aborted), static step => [Message(step)]);
    }

    // Layers always have a detail, which may be empty: some clients look into it.
    private static StreamMessage Message(PullStep step) => new()
    {
        Status = step.Status,
        Id = step.Id,
        ProgressDetail = step.Id is null || step.Status.StartsWith("Pulling from", StringComparison.Ordinal) ? null : new ProgressDetail { Current = step.Current, Total = step.Total },
    };
}
