using System.Buffers;
using System.IO.Pipelines;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Berth.Daemon.Requests;
using Berth.Storage;
using Microsoft.AspNetCore.Http;

namespace Berth.Daemon.Http;

/// <summary>Reads a request's JSON document, of limited size.</summary>
internal static class JsonBody
{
    /// <summary>A create request may carry a whole seccomp profile; more than this is nobody's configuration. Bytes.</summary>
    public const int Limit = 4 << 20;

    /// <summary>Reads the body; null where there is none, or it is the JSON null.</summary>
    /// <param name="call">The request.</param>
    /// <param name="type">What it is read as.</param>
    /// <param name="fields">Which known fields it may hold; null where every field is honoured.</param>
    /// <exception cref="EngineException">Invalid: no JSON, another content type, too large, or a known field that is not honoured yet.</exception>
    public static async Task<T?> ReadAsync<T>(ApiCall call, JsonTypeInfo<T> type, FieldRules? fields = null)
        where T : class
    {
        HttpRequest request = call.Http.Request;
        ReadOnlySequence<byte> body = await BufferAsync(request, call.Aborted).ConfigureAwait(false);
        try
        {
            if (body.IsEmpty)
            {
                return null;
            }

            CheckContentType(request);
            return Parse(body, type, fields);
        }
        finally
        {
            request.BodyReader.AdvanceTo(body.End);
        }
    }

    private static T? Parse<T>(ReadOnlySequence<byte> body, JsonTypeInfo<T> type, FieldRules? fields)
        where T : class
    {
        try
        {
            // Two readings: the rules look at what was sent, also at fields that no record has.
            using (JsonDocument document = JsonDocument.Parse(body))
            {
                JsonLists.RefuseNulls(document.RootElement);
                if (document.RootElement.ValueKind == JsonValueKind.Object)
                {
                    fields?.Check(document.RootElement);
                }
            }

            var reader = new Utf8JsonReader(body);
            return JsonSerializer.Deserialize(ref reader, type);
        }
        catch (JsonException e)
        {
            throw EngineException.Invalid($"invalid JSON: {JsonFault.Describe(e)}", e);
        }
    }

    private static async Task<ReadOnlySequence<byte>> BufferAsync(HttpRequest request, CancellationToken cancel)
    {
        while (true)
        {
            ReadResult read = await request.BodyReader.ReadAsync(cancel).ConfigureAwait(false);
            if (read.Buffer.Length > Limit)
            {
                request.BodyReader.AdvanceTo(read.Buffer.Start);
                throw new BadHttpRequestException($"the request's body is larger than {Limit >> 20} MiB", StatusCodes.Status413PayloadTooLarge);
            }

            if (read.IsCompleted)
            {
                return read.Buffer;
            }

            request.BodyReader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }
    }

    // As Docker does: a web page in the user's browser can send forms and text without asking, but not this type (CSRF).
    private static void CheckContentType(HttpRequest request)
    {
        string type = request.ContentType ?? "";
        int end = type.IndexOf(';', StringComparison.Ordinal);
        string media = (end < 0 ? type : type[..end]).Trim();
        if (!media.Equals("application/json", StringComparison.OrdinalIgnoreCase))
        {
            throw EngineException.Invalid($"unsupported Content-Type header ({type}): must be 'application/json'");
        }
    }
}
