using System.Threading.Channels;
using Berth.Api;
using Berth.Daemon.Http;
using Berth.Daemon.Requests;

namespace Berth.Daemon.Endpoints.Images;

/// <summary>POST /images/load: an archive of any size comes in, lines of progress go out.</summary>
internal static class Load
{
    public static async Task HandleAsync(ApiCall call)
    {
        var lines = Channel.CreateUnbounded<string>();
        call.Http.Response.ContentType = "application/json"; // before the first line: with that the headers are sent
        Task loading = LoadAsync(call, lines.Writer);
        await foreach (string line in lines.Reader.ReadAllAsync(call.Aborted).ConfigureAwait(false))
        {
            await call.WriteLineAsync(new StreamMessage { Stream = line + "\n" }, ApiJson.Wire.StreamMessage).ConfigureAwait(false);
        }

        try
        {
            await loading.ConfigureAwait(false);
        }
        catch (Exception e) when (call.Http.Response.HasStarted && !call.Aborted.IsCancellationRequested)
        {
            await ProgressStream.WriteErrorAsync(call, e).ConfigureAwait(false);
        }
    }

    private static async Task LoadAsync(ApiCall call, ChannelWriter<string> lines)
    {
        try
        {
            await call.Engine.Images.LoadAsync(call.Http.Request.Body, PlatformText.Of(call), new LineProgress(lines), call.Aborted).ConfigureAwait(false);
        }
        finally
        {
            lines.Complete();
        }
    }
}
