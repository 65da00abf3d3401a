using System.Text;
using System.Text.Json;

using Berth.Cli.Json;

namespace Berth.Cli.Http;

/// <summary>
/// Asks the daemon. Paths carry no version unless DOCKER_API_VERSION asks for one: the daemon then answers in its own newest, which saves
/// the ping that negotiation needs.
/// </summary>
internal sealed class ApiClient(Endpoint endpoint, string version)
{
    private const int Ahead = 32;

    private HttpConnection? idle;

    public Endpoint Endpoint => endpoint;

    /// <summary>The version the daemon named in its last answer; empty before the first.</summary>
    public string ApiVersion { get; set; } = "";

    /// <summary>Sends a request and waits for its answer; an error answer becomes an exception.</summary>
    /// <exception cref="ApiException">The daemon refused.</exception>
    /// <exception cref="ConnectionException">There is no daemon.</exception>
    public ApiResponse Open(string method, string target, string? body = null) => Begin(method, target, body).Finish();

    /// <summary>Sends a request on the kept connection, or a new one.</summary>
    /// <param name="method">GET, POST, …</param>
    /// <param name="target">Path and query.</param>
    /// <param name="body">JSON, or null for none.</param>
    /// <param name="headers">Further header lines, each ended by CR LF.</param>
    public PendingCall Begin(string method, string target, string? body = null, string headers = "")
    {
        HttpConnection connection = TakeIdle() ?? Connect();
        connection.Send(method, Prefix(target), headers, body);
        return new PendingCall(connection, this, method == "HEAD", c => idle = c);
    }

    /// <summary>Sends a request on a connection of its own whose answer may come much later: others go on meanwhile.</summary>
    public PendingCall BeginAside(string method, string target, HttpConnection? on = null)
    {
        HttpConnection connection = on ?? Connect();
        connection.Send(method, Prefix(target), "", null);
        return new PendingCall(connection, this, false, static c => c.Dispose());
    }

    /// <summary>Asks to turn a connection of its own into a container's streams.</summary>
    public PendingCall BeginHijack(string target, string? body = null, HttpConnection? on = null)
    {
        HttpConnection connection = on ?? Connect();
        connection.Send("POST", Prefix(target), "Connection: Upgrade\r\nUpgrade: tcp\r\n", body);
        return new PendingCall(connection, this, false, static c => c.Dispose());
    }

    /// <summary>A connection made ahead.</summary>
    public HttpConnection Connect() => endpoint.Connect();

    /// <summary>Sends a request for its effect alone.</summary>
    public void Do(string method, string target, string? body = null) => Open(method, target, body).ReadAll();

    public JsonObject Get(string target) => Object("GET", target);

    public JsonList List(string target) => JsonParser.ParseList(Open("GET", target).ReadAll());

    /// <summary>The answer as an object; an empty one where the daemon said nothing.</summary>
    public JsonObject Object(string method, string target, string? body = null)
    {
        ReadOnlySpan<byte> answer = Open(method, target, body).ReadAll();
        try
        {
            return answer.IndexOfAnyExcept(" \t\r\n"u8) < 0 ? JsonObject.Empty : JsonParser.ParseObject(answer);
        }
        catch (JsonException e)
        {
            throw new ConnectionException($"the daemon's answer to {method} {target} is no JSON object: {e.Message}");
        }
    }

    /// <summary>Sends a body of unknown length while the answer is read, each on its own thread: the daemon reports progress while it reads.</summary>
    public ApiResponse Upload(string target, string contentType, Func<byte[], int> read)
    {
        HttpConnection connection = TakeIdle() ?? Connect();
        connection.Send("POST", Prefix(target), $"Content-Type: {contentType}\r\nTransfer-Encoding: chunked\r\n", null);
        var pump = new Thread(() => new ChunkedUpload(connection.Socket, read).Run()) { IsBackground = true };
        pump.Start();
        return new PendingCall(connection, this, false, static c => c.Dispose()).Finish();
    }

    /// <summary>Many objects on one connection, each asked for before the last one came: a slow line costs its way there and back once. Null: there is none (404).</summary>
    public IEnumerable<JsonObject?> GetEach(IReadOnlyList<string> targets)
    {
        HttpConnection connection = TakeIdle() ?? Connect();
        for (int i = 0, asked = 0; i < targets.Count; i++)
        {
            for (; asked < targets.Count && asked < i + Ahead; asked++)
            {
                connection.Send("GET", Prefix(targets[asked]), "", null);
            }

            ApiResponse response = new PendingCall(connection, this, false, static _ => { }).Answer();
            if (response.Head.Status >= 400 && response.Head.Status != 404)
            {
                throw Refusal(response);
            }

            ReadOnlySpan<byte> body = response.ReadAll();
            JsonObject? found = response.Head.Status == 404 ? null : JsonParser.ParseObject(body);
            if (response.Head.Close)
            {
                (connection, asked) = (Connect(), i + 1); // whoever closes has not read what was asked ahead
            }

            yield return found;
        }

        idle = connection;
    }

    /// <summary>The filters of "-f name=value" flags as the API takes them: {"name":{"value":true}}.</summary>
    public static string Filters(IEnumerable<string> given)
    {
        var names = new List<(string Name, List<string> Values)>();
        foreach (string filter in given)
        {
            int equals = filter.IndexOf('=', StringComparison.Ordinal);
            if (equals < 0)
            {
                continue;
            }

            string name = filter[..equals].Trim().ToLowerInvariant();
            int at = names.FindIndex(n => n.Name == name);
            if (at < 0)
            {
                at = names.Count;
                names.Add((name, []));
            }

            names[at].Values.Add(filter[(equals + 1)..].Trim());
        }

        if (names.Count == 0)
        {
            return "";
        }

        var json = new JsonBuilder();
        foreach ((string name, List<string> values) in names)
        {
            json.Object(name, inner =>
            {
                foreach (string value in values.Distinct())
                {
                    inner.Is(value, true);
                }
            });
        }

        return json.Close();
    }

    private HttpConnection? TakeIdle()
    {
        HttpConnection? kept = idle;
        idle = null;
        if (kept is null || !kept.IsStale())
        {
            return kept;
        }

        kept.Dispose();
        return null;
    }

    private string Prefix(string target) => version.Length == 0 ? target : $"/v{version}{target}";

    /// <summary>The error in an answer.</summary>
    public static ApiException Refusal(ApiResponse response)
    {
        ReadOnlySpan<byte> body = response.ReadAll();
        string text = Encoding.UTF8.GetString(body).Trim();
        try
        {
            if (body.StartsWith("{"u8) && JsonParser.ParseObject(body).TryGet("message", out object? message) && message is string words)
            {
                text = words.Trim();
            }
        }
        catch (JsonException)
        {
            // A proxy's page, not the daemon's JSON: shown as it is.
        }

        return new ApiException(response.Head.Status, text.Length > 0 ? text : $"status {response.Head.Status} without a message");
    }
}
