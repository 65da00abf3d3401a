using System.Text.Json;
using System.Threading.Channels;
using Berth.Api;
using Berth.Daemon.Http;
using Berth.Engine.Images;
using Berth.Images.Push;
using Berth.Oci.Images;
using Berth.Storage;

namespace Berth.Daemon.Endpoints.Images;

/// <summary>POST /images/{name}/push: progress goes out line by line, a failure after the first of them in the stream.</summary>
internal static class Push
{
    public static async Task HandleAsync(ApiCall call)
    {
        var request = new PushRequest
        {
            Reference = ImageCatalog.Source(call.Name, call.Query.Text("tag")),
            Platform = PlatformOf(call.Query.Text("platform")),
            Credentials = RegistryAuth.Of(call),
        };
        var steps = Channel.CreateUnbounded<PushStep>();
        call.Http.Response.ContentType = "application/json"; // before the first line: with that the headers are sent
        Task pushing = PushAsync(call, request, steps.Writer);
        await foreach (PushStep step in steps.Reader.ReadAllAsync(call.Aborted).ConfigureAwait(false))
        {
            await WriteAsync(call, step).ConfigureAwait(false);
        }

        try
        {
            await pushing.ConfigureAwait(false);
        }
        catch (Exception e) when (call.Http.Response.HasStarted && !call.Aborted.IsCancellationRequested)
        {
            await ProgressStream.WriteErrorAsync(call, e).ConfigureAwait(false);
        }
    }

    private static async Task PushAsync(ApiCall call, PushRequest request, ChannelWriter<PushStep> steps)
    {
        try
        {
            await call.Engine.Pusher.PushAsync(request, new StepProgress(steps), call.Aborted).ConfigureAwait(false);
        }
        finally
        {
            steps.Complete();
        }
    }

    // Layers always have a detail, which may be empty: some clients look into it.
    private static async Task WriteAsync(ApiCall call, PushStep step)
    {
        var message = new StreamMessage
        {
            Status = step.Status, Id = step.Id, ProgressDetail = step.Id is null ? null : new ProgressDetail { Current = step.Current, Total = step.Total },
        };
        await call.WriteLineAsync(message, ApiJson.Wire.StreamMessage).ConfigureAwait(false);
        if (step.Pushed is { } pushed)
        {
            var result = new PushResult { Tag = pushed.Tag, Digest = pushed.Digest.ToString(), Size = pushed.Size };
            var aux = new StreamMessage { ProgressDetail = new ProgressDetail(), Aux = JsonSerializer.SerializeToElement(result, ApiJson.Wire.PushResult) };
            await call.WriteLineAsync(aux, ApiJson.Wire.StreamMessage).ConfigureAwait(false);
        }
    }

    // Of a push the API wants JSON (1.46); the short form is taken too.
    private static Platform? PlatformOf(string? text)
    {
        if (text is null || !text.StartsWith('{'))
        {
            return Create.PlatformOf(text);
        }

        try
        {
            return JsonSerializer.Deserialize(text, ImageJson.Default.Platform);
        }
        catch (JsonException e)
        {
            throw EngineException.Invalid($"the platform cannot be read: {JsonFault.Describe(e)}", e);
        }
    }

    // Passes steps on in their order. (Progress of T would send each to the thread pool by itself.)
    private sealed class StepProgress(ChannelWriter<PushStep> steps) : IProgress<PushStep>
    {
        public void Report(PushStep value) => steps.TryWrite(value);
    }
}
