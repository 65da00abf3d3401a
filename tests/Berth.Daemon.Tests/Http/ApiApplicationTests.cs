using System.Text.Json.Nodes;
using Berth.Api;
using Berth.Daemon.Http;
using Berth.Daemon.Requests;
using Berth.Daemon.Routing;
using Berth.Storage;
using Berth.Testing.Clients;

namespace Berth.Daemon.Tests.Http;

public sealed class ApiApplicationTests
{
    [Theory]
    [InlineData("GET /nope")]
    [InlineData("GET /v1.41/nope")]
    [InlineData("GET /v1.99/nope")]
    [InlineData("DELETE /info")]
    public async Task AnUnknownPathIsNotFound(string request) => await ExpectAsync(request, 404, "page not found");

    [Theory]
    [InlineData("GET /v1.99/info", "client version 1.99 is too new. Maximum supported API version is 1.52")]
    [InlineData("GET /v1.23/info", "client version 1.23 is too old. Minimum supported API version is 1.24, please upgrade your client to a newer version")]
    public async Task AVersionOutOfRangeIsRefused(string request, string message) => await ExpectAsync(request, 400, message);

    [Fact]
    public async Task EveryOperationThatIsNotBuiltAnswers501AndItsName()
    {
        await using TestServer server = await TestServer.StartAsync();
        foreach (Route route in RouteTable.Routes.Where(static r => r.Handler is null))
        {
            string path = route.Template.Replace("{id}", "x", StringComparison.Ordinal).Replace("{name}", "x", StringComparison.Ordinal);
            string answer = await server.AnswerAsync($"{route.Method} /v1.41{path} HTTP/1.1");
            Assert.StartsWith("HTTP/1.1 501", answer, StringComparison.Ordinal);
            if (route.Method != "HEAD")
            {
                Assert.Contains($"berth: {route.Operation} ({route.Method} {route.Template}) is not supported yet", answer, StringComparison.Ordinal);
            }
        }
    }

    [Theory]
    [InlineData("GET", "OK")]
    [InlineData("HEAD", "")]
    public async Task PingNegotiates(string method, string body)
    {
        await using TestServer server = await TestServer.StartAsync();
        string answer = await server.AnswerAsync($"{method} /_ping HTTP/1.1");
        Assert.StartsWith("HTTP/1.1 200 OK\r\n", answer, StringComparison.Ordinal);
        foreach (string header in new[] { "Api-Version: 1.52", "Docker-Experimental: false", "Ostype: linux", "Builder-Version: 1", "Cache-Control: no-cache, no-store, must-revalidate", "Pragma: no-cache" })
        {
            Assert.Contains($"\r\n{header}\r\n", answer, StringComparison.Ordinal);
        }

        Assert.Matches("\r\nServer: Docker/.+ \\(linux\\)\r\n", answer);
        Assert.EndsWith("\r\n\r\n" + body, answer, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{", 400, "invalid JSON")]
    [InlineData("[]", 400, "invalid JSON")]
    [InlineData("{} {}", 400, "invalid JSON")]
    [InlineData("""{"Image":1}""", 400, "invalid JSON")]
    [InlineData("""{"Tty":"yes"}""", 400, "invalid JSON")]
    [InlineData("""{"HostConfig":{"Memory":1.5}}""", 400, "invalid JSON")]
    [InlineData("null", 400, "Config cannot be empty in order to create a container")]
    [InlineData("", 400, "Config cannot be empty in order to create a container")]
    [InlineData("""{"HostConfig":{"Cgroup":"x"}}""", 501, "berth: HostConfig.Cgroup = \"x\" is not supported yet; leave it out")]
    public async Task ABadRequestIsRefusedBeforeTheEngineSeesIt(string body, int status, string message) =>
        await ExpectAsync("POST /v1.41/containers/create", status, message, "HTTP/1.1\nContent-Type: application/json; charset=utf-8", body);

    [Theory]
    [InlineData("text/plain")]
    [InlineData("application/x-www-form-urlencoded")]
    [InlineData("")]
    public async Task OtherContentTypesAreRefused(string type) =>
        await ExpectAsync("POST /v1.41/containers/create", 400, $"unsupported Content-Type header ({type}): must be 'application/json'", $"HTTP/1.1\nContent-Type: {type}", "{}");

    [Fact]
    public async Task ABodyOverTheLimitIsRefused() =>
        await ExpectAsync("POST /v1.41/containers/create", 413, "the request's body is larger than 4 MiB", "HTTP/1.1\nContent-Type: application/json", new string(' ', JsonBody.Limit + 1));

    [Theory]
    [InlineData(EngineErrorKind.Invalid, 400)]
    [InlineData(EngineErrorKind.Unauthorized, 401)]
    [InlineData(EngineErrorKind.Forbidden, 403)]
    [InlineData(EngineErrorKind.NotFound, 404)]
    [InlineData(EngineErrorKind.Conflict, 409)]
    [InlineData(EngineErrorKind.Internal, 500)]
    [InlineData(EngineErrorKind.NotImplemented, 501)]
    [InlineData(EngineErrorKind.Unavailable, 503)]
    public async Task EachKindOfErrorHasItsStatus(EngineErrorKind kind, int status)
    {
        await using TestServer server = await TestServer.StartAsync(new Route("GET", "/x", "X", _ => throw new EngineException(kind, "why \"not\" <ü>")));
        string answer = await server.AnswerAsync("GET /x HTTP/1.1");
        Assert.StartsWith($"HTTP/1.1 {status} ", answer, StringComparison.Ordinal);
        Assert.Contains("Content-Type: application/json", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task NotModifiedHasNoBody()
    {
        await using TestServer server = await TestServer.StartAsync(new Route("POST", "/x", "X", static call => call.WriteNothing(changed: false)));
        string answer = await server.AnswerAsync("POST /x HTTP/1.1");
        Assert.StartsWith("HTTP/1.1 304", answer, StringComparison.Ordinal);
        Assert.EndsWith("\r\n\r\n", answer, StringComparison.Ordinal);
    }

    /// <summary>The client of "run" waits for the head of "wait" before it starts the container.</summary>
    [Fact]
    public async Task AStreamsHeadIsSentBeforeItsFirstLine()
    {
        var go = new TaskCompletionSource();
        await using TestServer server = await TestServer.StartAsync(new Route("POST", "/x", "X", async call =>
        {
            await call.StartStreamAsync();
            await go.Task;
            await call.WriteLineAsync(new ContainerWaitResponse { StatusCode = 7 }, ApiJson.Wire.ContainerWaitResponse);
        }));
        using System.Net.Sockets.Socket socket = await server.SendAsync("POST /x HTTP/1.1\nHost: d\nConnection: close\nContent-Length: 0\n\n");
        var head = new byte[4096];
        int count = await socket.ReceiveAsync(head);
        Assert.StartsWith("HTTP/1.1 200 OK", System.Text.Encoding.ASCII.GetString(head, 0, count), StringComparison.Ordinal);
        go.SetResult();
        Assert.Contains("""{"StatusCode":7}""", await TestServer.ReadToEndAsync(socket), StringComparison.Ordinal);
    }

    [Fact]
    public async Task AFailureAfterTheHeadBreaksTheConnection()
    {
        await using TestServer server = await TestServer.StartAsync(new Route("GET", "/x", "X", static async call =>
        {
            await call.StartStreamAsync();
            throw EngineException.Internal("half-way");
        }));
        string answer = "";
        try
        {
            answer = await server.AnswerAsync("GET /x HTTP/1.1");
        }
        catch (System.Net.Sockets.SocketException)
        {
            return; // reset: as good
        }

        Assert.DoesNotContain("\r\n0\r\n\r\n", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ARequestsBodyIsReadOnceAndWhole()
    {
        await using TestServer server = await TestServer.StartAsync(new Route("POST", "/x", "X", static async call =>
        {
            VolumeCreateRequest? read = await JsonBody.ReadAsync(call, ApiJson.Default.VolumeCreateRequest, VolumeFields.Create);
            await call.WriteAsync(new Volume { Name = read!.Name }, ApiJson.Wire.Volume);
        }));
        string name = new('a', 100_000);
        using var client = new ApiClient(server.Socket);
        using HttpResponseMessage answer = await client.PostAsync("/x", $$"""{"Name":"{{name}}"}""");
        Assert.Contains($"\"Name\":\"{name}\"", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    private static async Task ExpectAsync(string request, int status, string message, string rest = "HTTP/1.1", string body = "")
    {
        await using TestServer server = await TestServer.StartAsync();
        string answer = await server.AnswerAsync($"{request} {rest}", body);
        Assert.StartsWith($"HTTP/1.1 {status} ", answer, StringComparison.Ordinal);
        string json = answer[(answer.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4)..];
        Assert.StartsWith(message, (string)JsonNode.Parse(json)!["message"]!, StringComparison.Ordinal);
    }
}
