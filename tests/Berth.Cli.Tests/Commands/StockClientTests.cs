using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Berth.Cli.Tests.Commands;

/// <summary>Docker's client 28 and ours on the same daemon: the same requests, the same output, the same first line of complaint.</summary>
public sealed class StockClientTests
{
    private const string Docker = "/usr/local/bin/docker";

    [Theory]
    [InlineData("network create n")]
    [InlineData("network create --subnet 10.1.0.0/16 --subnet fd00::/64 --ip-range 10.1.1.0/24 --gateway 10.1.0.1 --aux-address a=10.1.0.5 --aux-address b=10.1.0.6 n")]
    [InlineData("network create -d macvlan -o parent=eth0 -o flag --label l=1 --label k --ipam-driver d --ipam-opt x=y --scope local n")]
    [InlineData("network create --ipv4=false --ipv6 --internal --attachable --ingress --config-only --config-from z n")]
    [InlineData("network create --subnet 10.1.0.0 n")]
    [InlineData("network create --subnet= --opt = n")]
    [InlineData("network create --subnet 10.1.0.0/16 --subnet 10.1.2.0/24 n")]
    [InlineData("network create --subnet 10.1.0.0/16 --gateway x n")]
    [InlineData("network create --subnet 10.1.0.0/16 --gateway 10.1.0.1/16 n")]
    [InlineData("network create --subnet foo --gateway 1.2.3.4 n")]
    [InlineData("network create --subnet 10.1.0.0/16 --ip-range 10.1.0.0/33 n")]
    [InlineData("network create --subnet 10.1.0.0/16 --aux-address 10.2.0.1 n")]
    [InlineData("network create --aux-address a=1.2.3.4 n")]
    [InlineData("network create --label =x n")]
    [InlineData("network connect n c")]
    [InlineData("network connect --alias a,b --alias c --driver-opt k=v,x= --gw-priority -5 --ip 10.0.0.2 --ip6 fd00::2 --link db:d --link x --link-local-ip 169.254.1.1 n c")]
    [InlineData("network connect --driver-opt k n c")]
    [InlineData("network connect --link a:b:c n c")]
    [InlineData("network connect --ip foo n c")]
    [InlineData("network disconnect -f n c")]
    [InlineData("network disconnect nosuch c")]
    [InlineData("network rm -f a nosuch b")]
    [InlineData("network prune")]
    [InlineData("network prune -f --filter label=x")]
    [InlineData("network prune --filter foo")]
    [InlineData("network inspect a nosuch")]
    [InlineData("network inspect -v -f {{.Name}} a b")]
    [InlineData("network inspect nosuch")]
    [InlineData("network inspect -f {{.Foo a")]
    [InlineData("inspect --type network a nosuch")]
    [InlineData("create --link a:b --link c --network bridge busybox")]
    [InlineData("create --link a:b --network n --network-alias x --ip 10.0.0.2 busybox")]
    [InlineData("create --link a:b --network name=n,alias=x --network m busybox")]
    [InlineData("create --network name=n,gw-priority=0,driver-opt=k=v,link-local-ip=169.254.1.1 busybox")]
    [InlineData("create --network n --mac-address 92:d0:c6:0a:29:33 --ip6 fd00::5 busybox")]
    [InlineData("create --network host -p 80:80 busybox")]
    [InlineData("create --network container:x -h web busybox")]
    [InlineData("create --network n --network host busybox")]
    [InlineData("create --network bridge --network-alias x busybox")]
    [InlineData("create -p 80 -p 127.0.0.1::81 -p 8080-8081:90-91/sctp -p [fd00::1]:53:53/udp -p 9000-9009:92 -P --expose 93-94/udp busybox")]
    [InlineData("create -p 0.0.0.0:80:80 -p [::]:80:80 busybox")]
    [InlineData("create -p published=80,target=90,protocol=udp busybox")]
    [InlineData("create -p 80-81:90-95 busybox")]
    [InlineData("create --dns 1.1.1.1 --dns-search . --dns-opt ndots:1 --add-host a:host-gateway --domainname d busybox")]
    public async Task AskAlike(string line)
    {
        Assert.SkipUnless(File.Exists(Docker), "docker 28 is not installed");
        string[] words = line.Split(' ');
        using FakeDaemon theirDaemon = Daemon();
        using FakeDaemon ourDaemon = Daemon();
        ClientResult theirs = await RunDockerAsync(theirDaemon, words);
        ClientResult ours = Client.Run(ourDaemon, words);
        Assert.Equal(Asked(theirDaemon), Asked(ourDaemon));
        Assert.Equal((theirs.Code, theirs.Out, Complaint(theirs)), (ours.Code, ours.Out, Complaint(ours)));
    }

    private static async Task<ClientResult> RunDockerAsync(FakeDaemon daemon, string[] words)
    {
        var start = new ProcessStartInfo(Docker, words) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["DOCKER_HOST"] = daemon.Address;
        start.Environment["DOCKER_CONFIG"] = Path.Combine(Path.GetTempPath(), "berth-cli-no-config");
        using Process process = Process.Start(start)!;
        process.StandardInput.Close();
        Task<string> output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        string error = await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return new ClientResult(process.ExitCode, await output, error);
    }

    // Docker's client negotiates first, names the version in each path and sends every member of its structures.
    private static string[] Asked(FakeDaemon daemon) => daemon.Requests.Where(r => !r.Line.Contains("/_ping", StringComparison.Ordinal))
        .Select(r => $"{Uri.UnescapeDataString(r.Line).Replace("/v1.50/", "/", StringComparison.Ordinal).Replace("=true", "=1", StringComparison.Ordinal)} {Body(r)}").ToArray();

    private static string Body(FakeRequest request) => request.Body.Length == 0 || Said(JsonNode.Parse(request.Body)) is not JsonNode said ? "" : said.ToJsonString();

    /// <summary>The members that say something, sorted; null: nothing.</summary>
    private static JsonNode? Said(JsonNode? node) => node switch
    {
        JsonObject members => members.Select(m => (m.Key, Value: IsDefault(m.Key, m.Value) ? null : IsSwitch(m) ? m.Value!.DeepClone() : Said(m.Value))).Where(m => m.Value is not null).ToArray() is { Length: > 0 } some
            ? new JsonObject(some.OrderBy(m => m.Key, StringComparer.Ordinal).Select(m => KeyValuePair.Create(m.Key, m.Value)))
            : null,
        JsonArray { Count: > 0 } list => new JsonArray([.. list.OrderBy(Subnet, StringComparer.Ordinal).Select(i => Said(i) ?? new JsonObject())]),
        JsonValue value when value.GetValueKind() is not (JsonValueKind.False or JsonValueKind.Null) && value.ToJsonString() is not ("0" or "\"\"") => value.DeepClone(),
        _ => null,
    };

    // Docker's client keeps subnets in a Go map: theirs come in any order.
    private static string Subnet(JsonNode? item) => item is JsonObject && item["Subnet"] is JsonNode subnet ? subnet.GetValue<string>() : "";

    // Not given, these two leave the choice to the daemon, so that "false" says something.
    private static bool IsSwitch(KeyValuePair<string, JsonNode?> member) => member is { Key: "EnableIPv4" or "EnableIPv6", Value: not null };

    // CheckDuplicate is Docker's too, for engines before API 1.44, and no more than that.
    private static bool IsDefault(string name, JsonNode? value) => name switch
    {
        "CheckDuplicate" or "ConsoleSize" => true,
        "MemorySwappiness" => value?.ToJsonString() == "-1",
        "RestartPolicy" => value?["Name"]?.GetValue<string>() == "no",
        _ => false,
    };

    private static string Complaint(ClientResult result) => result.Error.Split('\n')[0].Replace("berth:", "docker:", StringComparison.Ordinal).TrimEnd('.');

    private static FakeDaemon Daemon() => new FakeDaemon()
        .On("", static r => FakeAnswer.Json("{}"))
        .On("HEAD /_ping", static _ => new FakeAnswer("HTTP/1.1 200 OK\r\nApi-Version: 1.50\r\nOstype: linux\r\nContent-Length: 0\r\n\r\n", []))
        .Everywhere("POST", "/networks/create", """{"Id":"nid","Warning":""}""", 201)
        .Everywhere("POST", "/containers/create", """{"Id":"cid","Warnings":[]}""", 201)
        .Everywhere("POST", "/networks/prune", """{"NetworksDeleted":["a","b"]}""")
        .Everywhere("GET", "/networks/", """{"Name":"a","Id":"i"}""")
        .Everywhere("GET", "/networks/nosuch", """{"message":"network nosuch not found"}""", 404)
        .Everywhere("DELETE", "/networks/nosuch", """{"message":"network nosuch not found"}""", 404)
        .Everywhere("POST", "/networks/nosuch", """{"message":"network nosuch not found"}""", 404);
}
