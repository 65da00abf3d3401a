using System.IO.Pipelines;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Berth.Daemon.Routing;
using Berth.Engine;
using Microsoft.AspNetCore.Http;

namespace Berth.Daemon.Http;

/// <summary>One request on its way through an endpoint.</summary>
internal sealed class ApiCall(HttpContext http, DaemonServices services, Route route, ApiVersion version, string name)
{
    private static ReadOnlySpan<byte> NewLine => "\n"u8;

    public HttpContext Http => http;

    public DaemonServices Services => services;

    public EngineHost Engine => services.Engine;

    public Route Route => route;

    /// <summary>What the client speaks.</summary>
    public ApiVersion Version => version;

    /// <summary>The path's parameter: a container's id or name, an image's name.</summary>
    public string Name => name;

    public Query Query => new(http.Request.Query);

    /// <summary>The client is gone.</summary>
    public CancellationToken Aborted => http.RequestAborted;

    /// <summary>Writes an answer of one JSON document.</summary>
    public Task WriteAsync<T>(T value, JsonTypeInfo<T> type, int status = StatusCodes.Status200OK)
    {
        http.Response.StatusCode = status;
        http.Response.ContentType = "application/json";
        return WriteLineAsync(value, type);
    }

    /// <summary>Sends the head of an answer that is written piece by piece. Clients wait for it before their next request.</summary>
    public async Task StartStreamAsync(string contentType = "application/json")
    {
        http.Response.ContentType = contentType;
        await http.Response.StartAsync(Aborted).ConfigureAwait(false);
        await http.Response.BodyWriter.FlushAsync(Aborted).ConfigureAwait(false);
    }

    /// <summary>Writes and flushes one JSON document and a newline.</summary>
    public async Task WriteLineAsync<T>(T value, JsonTypeInfo<T> type)
    {
        PipeWriter body = http.Response.BodyWriter;
        var writer = new Utf8JsonWriter(body, new JsonWriterOptions { Encoder = type.Options.Encoder, SkipValidation = true });
        await using (writer.ConfigureAwait(false))
        {
            JsonSerializer.Serialize(writer, value, type);
        }

        NewLine.CopyTo(body.GetSpan(NewLine.Length));
        body.Advance(NewLine.Length);
        await body.FlushAsync(Aborted).ConfigureAwait(false);
    }

    /// <summary>Done, and nothing to say; or, when not <paramref name="changed"/>, that it was so before (304).</summary>
    public Task WriteNothing(bool changed = true)
    {
        http.Response.StatusCode = changed ? StatusCodes.Status204NoContent : StatusCodes.Status304NotModified;
        return Task.CompletedTask;
    }
}
