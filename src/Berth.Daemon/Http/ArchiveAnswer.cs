using Microsoft.AspNetCore.Http;

namespace Berth.Daemon.Http;

/// <summary>An answer that is a whole archive, made on a thread of its own while it is sent.</summary>
internal static class ArchiveAnswer
{
    /// <summary>A failure before the first bytes are sent becomes an error answer, a later one breaks the connection: a cut archive must not look whole.</summary>
    /// <param name="call">The request.</param>
    /// <param name="type">The answer's content type.</param>
    /// <param name="length">In bytes; null: not known.</param>
    /// <param name="write">Writes the archive, blocking its thread.</param>
    public static async Task WriteAsync(ApiCall call, string type, long? length, Action<Stream> write)
    {
        HttpResponse response = call.Http.Response;
        response.ContentType = type;
        response.ContentLength = length;
        using var sink = new BlockingBody(response.BodyWriter, call.Aborted);
        await Task.Factory.StartNew(() => write(sink), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default).ConfigureAwait(false);
    }
}
