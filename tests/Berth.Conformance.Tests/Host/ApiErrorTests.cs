using System.Text.Json.Nodes;

namespace Berth.Conformance.Tests.Host;

/// <summary>Bad input gets Docker's status code and changes nothing.</summary>
public sealed class ApiErrorTests(DaemonFixture fixture) : IClassFixture<DaemonFixture>
{
    [Theory]
    [InlineData("GET", "/containers/none/json", null, 404, "No such container: none")]
    [InlineData("POST", "/containers/none/start", null, 404, "No such container: none")]
    [InlineData("POST", "/containers/none/stop", null, 404, "No such container: none")]
    [InlineData("POST", "/containers/none/kill", null, 404, "No such container: none")]
    [InlineData("POST", "/containers/none/wait", null, 404, "No such container: none")]
    [InlineData("POST", "/containers/none/attach", null, 404, "No such container: none")]
    [InlineData("GET", "/containers/none/logs?stdout=1", null, 404, "No such container: none")]
    [InlineData("GET", "/containers/none/logs", null, 400, "Bad parameters: you must choose at least one stream")]
    [InlineData("DELETE", "/containers/none", null, 404, "No such container: none")]
    [InlineData("POST", "/containers/none/exec", """{"Cmd":["a"]}""", 404, "No such container: none")]
    [InlineData("POST", "/exec/none/start", "{}", 404, "No such exec instance: none")]
    [InlineData("GET", "/images/nope/json", null, 404, "No such image: nope")]
    [InlineData("DELETE", "/images/nope", null, 404, "No such image: nope")]
    [InlineData("GET", "/volumes/nope", null, 404, "get nope: no such volume")]
    [InlineData("DELETE", "/volumes/nope", null, 404, "get nope: no such volume")]
    [InlineData("GET", "/networks/nope", null, 404, "network nope not found")]
    [InlineData("POST", "/containers/create", """{"Image":"nope"}""", 404, "No such image: nope:latest")]
    [InlineData("POST", "/containers/create", """{"Image":""}""", 400, "")]
    [InlineData("POST", "/containers/create?name=../x", """{"Image":"busybox"}""", 400, "Invalid container name (../x), only [a-zA-Z0-9][a-zA-Z0-9_.-] are allowed")]
    [InlineData("POST", "/containers/create", """{"Image":"busybox","HostConfig":{"Memory":1}}""", 400, "Minimum memory limit allowed is 6MB")]
    [InlineData("POST", "/containers/create", "{", 400, "invalid JSON")]
    [InlineData("POST", "/containers/create", "[]", 400, "invalid JSON: a value of another kind is expected (line 1)")]
    [InlineData("POST", "/containers/create", """{"Image":"busybox","Env":["A=b",null]}""", 400, "invalid JSON: a value of another kind is expected at $.Env[1]")]
    [InlineData("POST", "/containers/create", """{"Image":"busybox","HostConfig":{"NetworkMode":"container:nope"}}""", 400, "No such container: nope")]
    [InlineData("POST", "/containers/create", """{"Image":"busybox","HostConfig":{"VolumesFrom":["nope"]}}""", 400, "No such container: nope")]
    [InlineData("POST", "/containers/create", """{"Image":"busybox","HostConfig":{"LogConfig":{"Type":"","Config":{"foo":"bar"}}}}""", 400, "unknown log opt 'foo'")]
    [InlineData("POST", "/images/busybox/tag?repo=sha256&tag=1", null, 400, "refusing to create an ambiguous tag using digest algorithm as name")]
    [InlineData("GET", "/containers/json?filters={", null, 400, "")]
    [InlineData("GET", "/containers/json?limit=x", null, 400, "")]
    [InlineData("POST", "/volumes/create", """{"Name":"../x"}""", 400, "")]
    [InlineData("POST", "/build", null, 501, "berth: ImageBuild (POST /build) is not supported yet")]
    public async Task StatusAndMessage(string method, string path, string? body, int status, string message)
    {
        string before = await StateAsync();
        (int code, string text) = await fixture.Daemon.Api.ErrorAsync(new HttpMethod(method), "/v1.41" + path, body);
        Assert.Equal(status, code);
        Assert.StartsWith(message, text, StringComparison.Ordinal);
        Assert.NotEqual("", text);
        Assert.Equal(before, await StateAsync());
    }

    private async Task<string> StateAsync()
    {
        JsonNode containers = await fixture.Daemon.Api.JsonAsync("/containers/json?all=1"), volumes = await fixture.Daemon.Api.JsonAsync("/volumes");
        JsonNode images = await fixture.Daemon.Api.JsonAsync("/images/json");
        return containers.ToJsonString() + volumes.ToJsonString() + images.ToJsonString();
    }
}
