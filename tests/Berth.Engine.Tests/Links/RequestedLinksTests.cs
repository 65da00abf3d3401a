using Berth.Api;
using Berth.Engine.Containers;
using Berth.Engine.Links;
using Berth.Storage;

namespace Berth.Engine.Tests.Links;

public sealed class RequestedLinksTests
{
    private static CreatePlan Plan(string? mode, string[] links, string? network = null, string[]? onNetwork = null) => Samples.Plan(Samples.Request with
    {
        HostConfig = new HostConfig { NetworkMode = mode, Links = links },
        NetworkingConfig = network is null ? null
            : new NetworkingConfig { EndpointsConfig = new Dictionary<string, EndpointSettings> { [network] = new() { Links = onNetwork } } },
    });

    [Theory]
    [InlineData(null)]
    [InlineData("default")]
    [InlineData("bridge")]
    [InlineData("none")]
    public void OnTheDefaultBridgeTheyAreTheContainers(string? mode)
    {
        CreatePlan plan = Plan(mode, ["db:sql"]);
        Assert.Equal([new LinkSpec("db", "sql")], plan.Links);
        Assert.Null(plan.HostConfig.Links);
    }

    [Fact]
    public void WhatAClientSaysTwiceIsOneLink()
    {
        CreatePlan plan = Plan("bridge", ["db:sql"], "default", ["db:sql"]);
        Assert.Equal([new LinkSpec("db", "sql")], plan.Links);
        Assert.Null(plan.Networks["bridge"].Links);
    }

    [Fact]
    public void OnOtherNetworksTheyAreTheEndpoints()
    {
        CreatePlan plan = Plan("mine", ["db:sql"], "mine", ["db:sql", "x"]);
        Assert.Empty(plan.Links);
        Assert.Null(plan.HostConfig.Links);
        Assert.Equal(["db:sql", "x"], plan.Networks["mine"].Links);
        Assert.Equal(["db:sql"], Plan("mine", ["db:sql"]).Networks["mine"].Links);
    }

    [Theory]
    [InlineData("host", "db", "host type networking can't be used with links")]
    [InlineData("container:x", "db", "container type network can't be used with links")]
    [InlineData(null, "a:b:c", "bad format for links: a:b:c")]
    [InlineData("mine", "a:b:c", "bad format for links: a:b:c")]
    public void WhatCannotBeIsRefused(string? mode, string link, string message)
    {
        EngineException refusal = Assert.Throws<EngineException>(() => Plan(mode, [link]));
        Assert.Equal(EngineErrorKind.Invalid, refusal.Kind);
        Assert.Contains(message, refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void NobodyIsLinkedToItself()
    {
        Assert.Throws<EngineException>(() => RequestedLinks.NotItself("web", [new LinkSpec("web", "me")]));
        RequestedLinks.NotItself(null, [new LinkSpec("web", "me")]);
    }

    [Fact]
    public void AliasesAreForTheResolver()
    {
        IReadOnlyDictionary<string, string> aliases = LinkAliases.Of(new EndpointSettings { Links = ["db:SQL", "cache", $"{Samples.Id}:byid"] });
        Assert.Equal(("db", "cache", Samples.Id[..12]), (aliases["sql"], aliases["cache"], aliases["byid"]));
        Assert.Empty(LinkAliases.Of(new EndpointSettings()));
    }
}
