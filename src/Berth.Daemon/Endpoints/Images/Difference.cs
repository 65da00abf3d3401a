using System.Threading.Channels;
using Berth.Api;
using Berth.Daemon.Http;
using Berth.Storage;
using Berth.Storage.Layers.Merged;

namespace Berth.Daemon.Endpoints.Images;

/// <summary>GET /berth/image-diff, an operation of our own: ?from=A&amp;to=B; a line for each path, in their order.</summary>
internal static class Difference
{
    // The comparison waits for a client that reads slowly.
    private const int Ahead = 1024;

    public static async Task HandleAsync(ApiCall call)
    {
        string from = call.Query.Text("from") ?? throw EngineException.Invalid("two images are wanted: from and to");
        string to = call.Query.Text("to") ?? throw EngineException.Invalid("two images are wanted: from and to");
        var changes = Channel.CreateBounded<MergedChange>(Ahead);
        call.Http.Response.ContentType = "application/json";
        Task comparing = CompareAsync(call, from, to, changes.Writer);
        await foreach (MergedChange change in changes.Reader.ReadAllAsync(call.Aborted).ConfigureAwait(false))
        {
            await call.WriteLineAsync(Shape(change), ApiJson.Wire.ImageFileChange).ConfigureAwait(false);
        }

        try
        {
            await comparing.ConfigureAwait(false);
        }
        catch (Exception e) when (call.Http.Response.HasStarted && !call.Aborted.IsCancellationRequested)
        {
            await ProgressStream.WriteErrorAsync(call, e).ConfigureAwait(false);
        }
    }

    internal static ImageFileChange Shape(MergedChange change) => new() { Kind = (int)change.Kind, Path = change.Shown, Size = change.Size };

    private static async Task CompareAsync(ApiCall call, string from, string to, ChannelWriter<MergedChange> changes)
    {
        try
        {
            // The comparison has a thread of its own, which may wait.
            await call.Engine.Trees.DifferenceAsync(from, to, change => changes.WriteAsync(change, call.Aborted).AsTask().GetAwaiter().GetResult(), call.Aborted).ConfigureAwait(false);
        }
        finally
        {
            changes.Complete();
        }
    }
}
