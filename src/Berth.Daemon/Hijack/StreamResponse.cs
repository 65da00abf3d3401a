using System.IO.Pipelines;
using System.Text;
using Berth.Daemon.Http;
using Berth.Daemon.Routing;
using Berth.Engine.Streams;
using Microsoft.AspNetCore.Http;

namespace Berth.Daemon.Hijack;

/// <summary>Answers with a stream that takes the connection over: attach and exec start.</summary>
internal static class StreamResponse
{
    public const string RawType = "application/vnd.docker.raw-stream";
    public const string MultiplexedType = "application/vnd.docker.multiplexed-stream";

    private static readonly ApiVersion NamesMultiplexing = new(1, 42);

    /// <summary>The type of a stream: before 1.42 every one was called raw.</summary>
    public static string TypeOf(bool raw, ApiVersion version) => raw || version < NamesMultiplexing ? RawType : MultiplexedType;

    /// <summary>Writes the head (101 where the client asks to upgrade, else 200) and pumps until the session ends.</summary>
    public static async Task RunAsync(ApiCall call, StreamSession session)
    {
        HttpContext http = call.Http;
        IHijackFeature feature = http.Features.Get<IHijackFeature>()
            ?? throw new InvalidOperationException("the connection of an attach cannot be taken over");
        byte[] head = Encoding.ASCII.GetBytes(Head(http.Request, TypeOf(session.Raw, call.Version)));

        // No further request follows on this connection: Kestrel closes it after the handler.
        http.Response.Headers.Connection = "close";
        IDuplexPipe raw = feature.Hijack();
        try
        {
            await raw.Output.WriteAsync(head, feature.Gone).ConfigureAwait(false);
            await session.RunAsync(raw.Input, raw.Output, feature.Gone).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (feature.Gone.IsCancellationRequested)
        {
            // The client left: nobody to tell.
        }
    }

    private static string Head(HttpRequest request, string type)
    {
        bool upgrade = request.Headers.ContainsKey("Upgrade");
        string start = upgrade ? "HTTP/1.1 101 UPGRADED\r\n" : "HTTP/1.1 200 OK\r\n";
        string end = upgrade ? "Connection: Upgrade\r\nUpgrade: tcp\r\n" : "";
        return $"{start}Content-Type: {type}\r\n{end}Api-Version: {ApiVersion.Current}\r\nDocker-Experimental: false\r\nOstype: linux\r\n\r\n";
    }
}
