using Berth.Cli.Commands.Networks;
using Berth.Cli.Json;

namespace Berth.Cli.Tests.Commands;

/// <summary>network create, connect, disconnect, rm, prune, inspect and check: what they ask for and what they say.</summary>
public sealed class NetworkCommandTests
{
    private const string Unreachable = """
        {"Reachable":false,"From":"web","To":"db","Steps":[{"Check":"both run","Passed":true,"Detail":""},{"Check":"they share a network","Passed":false,"Detail":"web is on a, db is on b"}],"Advice":"berth network connect a db"}
        """;

    [Theory]
    [InlineData("n", """{"Name":"n","CheckDuplicate":true,"Driver":"bridge","IPAM":{"Driver":"default","Options":{},"Config":[]},"Internal":false,"Attachable":false,"Ingress":false,"ConfigOnly":false,"Options":{},"Labels":{}}""")]
    [InlineData("--subnet 10.1.0.0/16,fd00::/64 --ip-range 10.1.1.0/24 --gateway fd00::1 --aux-address a=10.1.0.5 --ipam-driver d --ipam-opt x=y -d macvlan -o parent=eth0 -o flag --label l=1 --ipv4=false --ipv6 --internal --attachable --ingress --scope local --config-only --config-from z n",
        """{"Name":"n","CheckDuplicate":true,"Driver":"macvlan","Scope":"local","EnableIPv4":false,"EnableIPv6":true,"IPAM":{"Driver":"d","Options":{"x":"y"},"Config":[{"Subnet":"10.1.0.0/16","IPRange":"10.1.1.0/24","AuxiliaryAddresses":{"a":"10.1.0.5"}},{"Subnet":"fd00::/64","Gateway":"fd00::1"}]},"Internal":true,"Attachable":true,"Ingress":true,"ConfigOnly":true,"ConfigFrom":{"Network":"z"},"Options":{"parent":"eth0","flag":""},"Labels":{"l":"1"}}""")]
    [InlineData("--egress-allow api.example.com,*.example.org --egress-allow b.example -o com.docker.network.bridge.name=br7 n",
        """{"Name":"n","CheckDuplicate":true,"Driver":"bridge","IPAM":{"Driver":"default","Options":{},"Config":[]},"Internal":false,"Attachable":false,"Ingress":false,"ConfigOnly":false,"Options":{"com.docker.network.bridge.name":"br7","berth.egress.allow":"api.example.com,*.example.org,b.example"},"Labels":{}}""")]
    public void CreateSends(string line, string body)
    {
        using FakeDaemon daemon = new FakeDaemon().On("POST /networks/create", """{"Id":"nnn","Warning":""}""", 201);
        Assert.Equal(new ClientResult(0, "nnn\n", ""), Client.Run(daemon, ["network", "create", .. line.Split(' ')]));
        Assert.Equal(body, Assert.Single(daemon.Requests).Text);
    }

    [Fact]
    public void CreateShowsTheWarningAside()
    {
        using FakeDaemon daemon = new FakeDaemon().On("POST /networks/create", """{"Id":"nnn","Warning":"no IPv6 on this host"}""", 201);
        Assert.Equal(new ClientResult(0, "nnn\n", "WARNING: no IPv6 on this host\n"), Client.Run(daemon, "network", "create", "n"));
    }

    [Theory]
    [InlineData("create --ip-range 10.1.0.0/24 n", 1, "every ip-range or gateway must have a corresponding subnet\n")]
    [InlineData("create --subnet a\"b n", 125, "invalid argument \"a\\\"b\" for \"--subnet\" flag: parse error on line 1, column 2: bare \" in non-quoted-field\nSee 'berth network create --help'.\n")]
    [InlineData("create --ipv4=x n", 125, "invalid argument \"x\" for \"--ipv4\" flag: strconv.ParseBool: parsing \"x\": invalid syntax\nSee 'berth network create --help'.\n")]
    [InlineData("create --egress-allow= n", 1, "--egress-allow wants at least one name, and no empty ones; --internal makes a network that reaches nothing outside\n")]
    [InlineData("create --egress-allow a,,b n", 1, "--egress-allow wants at least one name, and no empty ones; --internal makes a network that reaches nothing outside\n")]
    [InlineData("create --egress-allow a -o berth.egress.allow=b n", 1, "conflicting options: cannot specify both --egress-allow and --opt berth.egress.allow\n")]
    [InlineData("connect --driver-opt k n c", 1, "invalid key/value pair format in driver options\n")]
    [InlineData("connect --driver-opt =v n c", 1, "invalid key/value pair format in driver options\n")]
    [InlineData("connect --link a:b:c n c", 125, "invalid argument \"a:b:c\" for \"--link\" flag: bad format for links: a:b:c\nSee 'berth network connect --help'.\n")]
    [InlineData("connect --gw-priority x n c", 125, "invalid argument \"x\" for \"--gw-priority\" flag: strconv.ParseInt: parsing \"x\": invalid syntax\nSee 'berth network connect --help'.\n")]
    [InlineData("disconnect n|", 1, "invalid container name or ID: value is empty\n")]
    [InlineData("connect |c", 1, "invalid network name or ID: value is empty\n")]
    [InlineData("rm |", 1, "invalid network name or ID: value is empty\n")]
    [InlineData("check a b 80-81", 1, "invalid port \"80-81\": one port is wanted, as 80, 53/udp or 80/tcp\n")]
    [InlineData("check a b 80/icmp", 1, "invalid port \"80/icmp\": one port is wanted, as 80, 53/udp or 80/tcp\n")]
    [InlineData("check a b 0", 1, "invalid port \"0\": one port is wanted, as 80, 53/udp or 80/tcp\n")]
    [InlineData("check --format {{.Foo a b", 64, "template parsing error: template: :1: unclosed action\n")]
    [InlineData("check a", 1, "\"berth network check\" requires at least 2 and at most 3 arguments.\nSee 'berth network check --help'.\n\nUsage:  berth network check [OPTIONS] FROM TO [PORT[/PROTO]]\n\nTell whether a container reaches another, and why not\n")]
    public void RefusesBeforeTheDaemonIsAsked(string line, int code, string error)
    {
        string[] words = line.Split('|') is [string head, string tail] ? [.. head.Split(' ', StringSplitOptions.RemoveEmptyEntries), .. head.EndsWith(' ') ? [""] : Array.Empty<string>(), tail] : line.Split(' ');
        Assert.Equal(new ClientResult(code, "", error), Client.Run(null, ["network", .. words]));
    }

    [Theory]
    [InlineData("connect n c", "POST /networks/n/connect", """{"Container":"c","EndpointConfig":{"IPAMConfig":{}}}""")]
    [InlineData("connect --alias a,b --alias c --driver-opt k=v,x=y --gw-priority -5 --ip 10.0.0.2 --ip6 fd00::2 --link db:d --link x --link-local-ip 169.254.1.1,169.254.1.2 a/b c",
        "POST /networks/a%2Fb/connect", """{"Container":"c","EndpointConfig":{"IPAMConfig":{"IPv4Address":"10.0.0.2","IPv6Address":"fd00::2","LinkLocalIPs":["169.254.1.1","169.254.1.2"]},"Links":["db:d","x"],"Aliases":["a","b","c"],"DriverOpts":{"k":"v","x":"y"},"GwPriority":-5}}""")]
    [InlineData("disconnect n c", "POST /networks/n/disconnect", """{"Container":"c","Force":false}""")]
    [InlineData("disconnect -f n c", "POST /networks/n/disconnect", """{"Container":"c","Force":true}""")]
    public void ConnectionsAreChangedSilently(string line, string request, string body)
    {
        using FakeDaemon daemon = new FakeDaemon().On("POST /networks/", _ => FakeAnswer.Nothing());
        Assert.Equal(new ClientResult(0, "", ""), Client.Run(daemon, ["network", .. line.Split(' ')]));
        Assert.Equal((request, body), (Assert.Single(daemon.Requests).Line, daemon.Requests.First().Text));
    }

    /// <summary>Docker 20.10 ends some of its messages with a blank; its client does not show it.</summary>
    [Fact]
    public void ErrorsEndWithTheirLastWord()
    {
        using FakeDaemon daemon = new FakeDaemon().On("POST /networks/create", """{"message":"operation is not permitted on predefined host network "}""", 403);
        Assert.Equal(new ClientResult(1, "", "Error response from daemon: operation is not permitted on predefined host network\n"), Client.Run(daemon, "network", "create", "host"));
    }

    [Fact]
    public void AnImageIsNotConnected()
    {
        using FakeDaemon daemon = new FakeDaemon().On("POST /networks/", """{"message":"No such container: busybox"}""", 404).Recorded("GET /images/busybox/json", "image.json");
        Assert.StartsWith("Error response from daemon: No such container: busybox: busybox is an image;", Client.Run(daemon, "network", "connect", "n", "busybox").Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("rm a nosuch busy b", "", 1, "a\nb\n", "Error response from daemon: network nosuch not found\nError response from daemon: network busy has active endpoints\n", 8)]
    [InlineData("remove -f a nosuch b", "", 0, "a\nb\n", "", 6)]
    [InlineData("rm -f busy", "", 1, "", "Error response from daemon: network busy has active endpoints\n", 2)]
    [InlineData("rm mesh a", "n\n", 0, "WARNING! This network is the routing mesh of a swarm: without it nothing reaches the swarm's published services.\nAre you sure you want to continue? [y/N] a\n", "", 3)]
    [InlineData("rm mesh mesh", "y\nn\n", 0, "WARNING! This network is the routing mesh of a swarm: without it nothing reaches the swarm's published services.\nAre you sure you want to continue? [y/N] mesh\nWARNING! This network is the routing mesh of a swarm: without it nothing reaches the swarm's published services.\nAre you sure you want to continue? [y/N] ", "", 3)]
    public void RemovesEach(string line, string typed, int code, string output, string error, int requests)
    {
        using FakeDaemon daemon = Removable();
        Assert.Equal(new ClientResult(code, output, error), Client.Run("berth", daemon, ["network", .. line.Split(' ')], input: typed));
        Assert.Equal(requests, daemon.Requests.Count);
    }

    [Theory]
    [InlineData("-f", "", true)]
    [InlineData("", "y\n", true)]
    [InlineData("", " Y \n", true)]
    [InlineData("", "y", true)]
    [InlineData("", "n\n", false)]
    [InlineData("", "yes\n", false)]
    [InlineData("", "\ny\n", false)]
    [InlineData("", "", false)]
    public void PruneAsksFirst(string flags, string typed, bool done)
    {
        const string Question = "WARNING! This will remove all custom networks not used by at least one container.\nAre you sure you want to continue? [y/N] ";
        using FakeDaemon daemon = new FakeDaemon().On("POST /networks/prune", """{"NetworksDeleted":["a","b"]}""");
        ClientResult result = Client.Run("berth", daemon, ["network", "prune", .. flags.Split(' ', StringSplitOptions.RemoveEmptyEntries)], input: typed);
        Assert.Equal(new ClientResult(0, (flags.Length > 0 ? "" : Question) + (done ? "Deleted Networks:\na\nb\n\n" : ""), ""), result);
        Assert.Equal(done ? 1 : 0, daemon.Requests.Count);
    }

    [Fact]
    public void PruneSaysNothingOfNothing()
    {
        using FakeDaemon daemon = new FakeDaemon().On("POST /networks/prune", """{"NetworksDeleted":null}""");
        Assert.Equal(new ClientResult(0, "", ""), Client.Run(daemon, "network", "prune", "-f", "--filter", "label=x"));
        Assert.Equal("POST /networks/prune?filters=%7B%22label%22:%7B%22x%22:true%7D%7D", Assert.Single(daemon.Requests).Line);
    }

    [Theory]
    [InlineData("network inspect -f {{.Id}} a mesh", 0, "a\nmesh\n", "", "GET /networks/a GET /networks/mesh")]
    [InlineData("network inspect -v -f {{.Ingress}} a", 0, "false\n", "", "GET /networks/a?verbose=1")]
    [InlineData("network inspect a nosuch", 1, "[\n    {\n        \"Id\": \"a\",\n        \"Ingress\": false\n    }\n]\n", "Error response from daemon: network nosuch not found\n", "GET /networks/a GET /networks/nosuch")]
    [InlineData("network inspect nosuch", 1, "[]\n", "Error response from daemon: network nosuch not found\n", "GET /networks/nosuch")]
    [InlineData("inspect --type network -f {{.Id}} a", 0, "a\n", "", "GET /networks/a")]
    public void InspectsEach(string line, int code, string output, string error, string requests)
    {
        using FakeDaemon daemon = Removable();
        Assert.Equal(new ClientResult(code, output, error), Client.Run(daemon, line.Split(' ')));
        Assert.Equal(requests, string.Join(' ', daemon.Requests.Select(r => r.Line)));
    }

    [Theory]
    [InlineData("web db 5432", "GET /berth/network-check?from=web&to=db&port=5432%2Ftcp", "ok      both run\nfailed  they share a network: web is on a, db is on b\nweb does not reach db on 5432/tcp\nberth network connect a db\n")]
    [InlineData("web db 53/UDP", "GET /berth/network-check?from=web&to=db&port=53%2Fudp", "ok      both run\nfailed  they share a network: web is on a, db is on b\nweb does not reach db on 53/udp\nberth network connect a db\n")]
    [InlineData("web db", "GET /berth/network-check?from=web&to=db", "ok      both run\nfailed  they share a network: web is on a, db is on b\nweb does not reach db\nberth network connect a db\n")]
    [InlineData("--format json web db", "GET /berth/network-check?from=web&to=db", Unreachable + "\n")]
    [InlineData("--format {{.Reachable}}:{{len|.Steps}} web db", "GET /berth/network-check?from=web&to=db", "false:2\n")]
    public void CheckTellsWhereItEnds(string line, string request, string output)
    {
        using FakeDaemon daemon = new FakeDaemon().On("GET /berth/network-check", Unreachable);
        string[] words = line.Split(' ').Select(w => w.Replace('|', ' ')).ToArray();
        Assert.Equal(new ClientResult(1, output, ""), Client.Run(daemon, ["network", "check", .. words]));
        Assert.Equal(request, Assert.Single(daemon.Requests).Line);
    }

    [Fact]
    public void CheckEndsWithNoughtWhereOneReachesTheOther()
    {
        using FakeDaemon daemon = new FakeDaemon().On("GET /berth/network-check", """{"Reachable":true,"From":"web","To":"db","Steps":[{"Check":"both run","Passed":true,"Detail":"1 and 2"}],"Advice":""}""");
        Assert.Equal(new ClientResult(0, "ok      both run: 1 and 2\nweb reaches db\n", ""), Client.Run(daemon, "network", "check", "web", "db"));
        Assert.Equal(0, Client.Run(daemon, "network", "check", "--format", "json", "web", "db").Code);
    }

    [Fact]
    public void CheckNeedsAnEngineThatHasIt()
    {
        using FakeDaemon daemon = new FakeDaemon().On("GET /berth/", """{"message":"page not found"}""", 404);
        Assert.Equal(new ClientResult(1, "", $"cannot check: the engine at {daemon.Address} has no network check; that needs berthd 0.1.0 or later\n"), Client.Run(daemon, "network", "check", "a", "b"));
        daemon.On("GET /berth/", """{"message":"No such container: a"}""", 404);
        Assert.Equal(new ClientResult(1, "", "Error response from daemon: No such container: a\n"), Client.Run(daemon, "network", "check", "a", "b"));
    }

    [Fact]
    public void ColoursAreForTerminals() => Assert.Equal(
        ["\u001b[32mok    \u001b[0m  both run", "\u001b[31mfailed\u001b[0m  they share a network: web is on a, db is on b", "\u001b[31mweb does not reach db on 80/tcp\u001b[0m", "berth network connect a db"],
        CheckReport.Lines(JsonParser.ParseObject(System.Text.Encoding.UTF8.GetBytes(Unreachable)), "80/tcp", colour: true));

    private static FakeDaemon Removable() => new FakeDaemon()
        .On("GET /networks/", static r => FakeAnswer.Json($$"""{"Id":"{{r.Line.Split('/', '?')[2]}}","Ingress":{{(r.Line.EndsWith("/mesh", StringComparison.Ordinal) ? "true" : "false")}}}"""))
        .On("GET /networks/nosuch", """{"message":"network nosuch not found"}""", 404)
        .On("DELETE /networks/", static _ => FakeAnswer.Nothing())
        .On("DELETE /networks/nosuch", """{"message":"network nosuch not found"}""", 404)
        .On("DELETE /networks/busy", """{"message":"network busy has active endpoints"}""", 403);
}
