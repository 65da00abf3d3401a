using System.Net;
using System.Text.Json;

using Berth.Api;
using Berth.Engine.Containers;
using Berth.Engine.Links;
using Berth.Network;
using Berth.Storage;

namespace Berth.Engine.Tests.Links;

public sealed class ContainerLinksTests
{
    private static readonly string DbId = new('d', 64), WebId = new('e', 64);

    private readonly ContainerRegistry _registry = new();
    private readonly ContainerLinks _links;
    private readonly ContainerActor _db, _web;

    public ContainerLinksTests()
    {
        _links = new ContainerLinks(_registry, id => id == DbId ? On("bridge-id", DbId, "172.30.0.2") : null);
        _db = Add("db", DbId, new ContainerStatus(), new ContainerConfig { Hostname = "dbhost", Env = ["A=1"], ExposedPorts = new Dictionary<string, JsonElement> { ["80/tcp"] = default } });
        _web = Add("web", WebId, new ContainerStatus { Links = [new ContainerLink(DbId, "sql", "db")] }, new ContainerConfig());
    }

    [Fact]
    public void ALinkGivesVariablesHostsAndNames()
    {
        Assert.Contains("SQL_NAME=/web/sql", _links.Environment(_web.Record));
        Assert.Contains("SQL_PORT_80_TCP_ADDR=172.30.0.2", _links.Environment(_web.Record));
        Assert.Equal("172.30.0.2\tsql dbhost db", Assert.Single(_links.Hosts(_web.Record)).ToString());
        Assert.Equal(["/db:/web/sql"], _links.Shown(_web.Record)!);
        Assert.Equal(["web/sql"], _links.Names()[DbId]);
        Assert.Same(_db, _registry.Find("/web/sql"));
        Assert.Null(_registry.TryFind("web/nope"));
        Assert.Null(_links.Shown(_db.Record));
    }

    [Fact]
    public void ItFollowsNewNames()
    {
        Rename(_db, "mysql");
        Rename(_web, "front");
        Assert.Equal(["/mysql:/front/sql"], _links.Shown(_web.Record)!);
        Assert.Equal("172.30.0.2\tsql dbhost mysql", Assert.Single(_links.Hosts(_web.Record)).ToString());
        Assert.Same(_db, _registry.Find("front/sql"));
    }

    [Fact]
    public void WhatDoesNotRunKeepsTheContainerFromStarting()
    {
        _links.Check(_web.Record);
        _db.Publish(_db.Record with { Phase = Phase.Exited });
        Assert.Equal("Cannot link to a non running container: /db AS /web/sql", Assert.Throws<EngineException>(() => _links.Check(_web.Record)).Message);
        Assert.Empty(_links.Hosts(_web.Record));
        Assert.Empty(_links.Environment(_web.Record));
        _registry.Remove(_db.Record);
        Assert.StartsWith(
            "Cannot link to a non running container: /db AS /web/sql: it was removed", Assert.Throws<EngineException>(() => _links.Check(_web.Record)).Message, StringComparison.Ordinal);
        Assert.Equal(["/db:/web/sql"], _links.Shown(_web.Record)!);
    }

    [Fact]
    public void OffTheDefaultBridgeThereIsNone()
    {
        var elsewhere = new Dictionary<string, EndpointSettings> { ["mine"] = new() };
        ContainerRecord web = _web.Record with { Status = _web.Record.Status with { Networks = elsewhere } };
        Assert.Empty(_links.Environment(web));
        Assert.Empty(_links.Hosts(web));
        _db.Publish(_db.Record with { Status = _db.Record.Status with { Networks = elsewhere } });
        _links.Check(web);
        Assert.Equal("Cannot link to /db, as it does not belong to the default network", Assert.Throws<EngineException>(() => _links.Check(_web.Record)).Message);
    }

    [Theory]
    [InlineData("db", "db")]
    [InlineData("joined", "db")]
    [InlineData("web/sql", "db")]
    public void TargetsAreFound(string target, string name)
    {
        Add("joined", new string('f', 64), new ContainerStatus(), new ContainerConfig(), "container:" + DbId);
        Assert.Equal(_registry.Find(name).Record.Id, Assert.Single(_links.Resolve([new LinkSpec(target, "x")])).Target);
    }

    [Theory]
    [InlineData("nope", "could not get container for nope: No such container: nope")]
    [InlineData("onhost", "conflicting options: host type networking can't be used with links. This would result in undefined behavior")]
    public void OthersAreRefused(string target, string message)
    {
        Add("onhost", new string('f', 64), new ContainerStatus(), new ContainerConfig(), "host");
        EngineException refusal = Assert.Throws<EngineException>(() => _links.Resolve([new LinkSpec(target, "x")]));
        Assert.Equal((EngineErrorKind.Invalid, message), (refusal.Kind, refusal.Message));
    }

    /// <summary>On the default bridge by id, elsewhere by the names that the other one has there.</summary>
    [Fact]
    public void PairsAreWhoIsThere()
    {
        Endpoint web = On("n", WebId, "10.0.0.2"), db = On("n", DbId, "10.0.0.3") with { Names = ["db", "sqlserver"] }, other = On("n", new string('f', 64), "10.0.0.4");
        Assert.Equal([(web, db)], LinkTargets.Of(_web.Record, Places(web, db, other), "n", _ => "n"));
        Assert.Empty(LinkTargets.Of(_web.Record, Places(db, other), "n", _ => "n"));
        Assert.Empty(LinkTargets.Of(_db.Record, Places(web, db), "n", _ => "n"));

        ContainerRecord byName = _db.Record with
        {
            Document = _db.Record.Document with { Id = WebId },
            Status = new ContainerStatus { Networks = new Dictionary<string, EndpointSettings> { ["mine"] = new() { Links = ["SQLserver:s"] } } },
        };
        Assert.Equal([(web, db)], LinkTargets.Of(byName, Places(web, db, other), "bridge-id", name => name == "mine" ? "n" : null));
        Assert.Empty(LinkTargets.Of(byName, Places(web, db, other), "bridge-id", _ => null));

        static Dictionary<string, IReadOnlyList<Endpoint>> Places(params Endpoint[] endpoints) => new() { ["n"] = endpoints };
    }

    private static Endpoint On(string network, string container, string address) => new()
    {
        Id = network + container, NetworkId = network, ContainerId = container, Address = IPAddress.Parse(address), MacAddress = default,
    };

    private ContainerActor Add(string name, string id, ContainerStatus status, ContainerConfig config, string mode = "bridge")
    {
        ContainerRecord record = Samples.Record(host: new HostConfig { NetworkMode = mode }, status: status);
        var actor = new ContainerActor(record with { Name = name, Document = record.Document with { Id = id, Config = config } });
        _registry.Add(actor);
        return actor;
    }

    private void Rename(ContainerActor actor, string name)
    {
        _registry.Release(actor.Record.Name, actor.Record.Id);
        _registry.Reserve(name, actor.Record.Id);
        actor.Publish(actor.Record with { Name = name });
    }
}
