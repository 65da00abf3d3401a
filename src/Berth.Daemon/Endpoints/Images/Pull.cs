using System.Threading.Channels;
using Berth.Api;
using Berth.Daemon.Http;
using Berth.Engine.Images;
using Berth.Images.Pull;

namespace Berth.Daemon.Endpoints.Images;

/// <summary>POST /images/create with fromImage: progress goes out line by line; a failure before the first line has a status of its own.</summary>
internal static class Pull
{
    public static async Task HandleAsync(ApiCall call, string image)
    {
        var request = new PullRequest
        {
            Reference = ImageCatalog.Source(image, call.Query.Text("tag")),
            Platform = Create.PlatformOf(call.Query.Text("platform")),
            Credentials = RegistryAuth.Of(call),
        };
        var steps = Channel.CreateUnbounded<PullStep>();
        call.Http.Response.ContentType = "application/json"; // before the first line: with that the headers are sent
        Task pulling = PullAsync(call, request, steps.Writer);
        await foreach (PullStep step in steps.Reader.ReadAllAsync(call.Aborted).ConfigureAwait(false))
        {
            await call.WriteLineAsync(Message(step), ApiJson.Wire.StreamMessage).ConfigureAwait(false);
        }

        try
        {
            await pulling.ConfigureAwait(false);
        }
        catch (Exception e) when (call.Http.Response.HasStarted && !call.Aborted.IsCancellationRequested)
        {
            await ProgressStream.WriteErrorAsync(call, e).ConfigureAwait(false);
        }
    }

    private static async Task PullAsync(ApiCall call, PullRequest request, ChannelWriter<PullStep> steps)
    {
        try
        {
            await call.Engine.Puller.PullAsync(request, new StepProgress(steps), call.Aborted).ConfigureAwait(false);
        }
        finally
        {
            steps.Complete();
        }
    }

    // Layers always have a detail, which may be empty: some clients look into it.
    private static StreamMessage Message(PullStep step) => new()
    {
        Status = step.Status,
        Id = step.Id,
        ProgressDetail = step.Id is null || step.Status.StartsWith("Pulling from", StringComparison.Ordinal) ? null : new ProgressDetail { Current = step.Current, Total = step.Total },
    };

    // Passes steps on in their order. (Progress of T would send each to the thread pool by itself.)
    private sealed class StepProgress(ChannelWriter<PullStep> steps) : IProgress<PullStep>
    {
        public void Report(PullStep value) => steps.TryWrite(value);
    }
}
