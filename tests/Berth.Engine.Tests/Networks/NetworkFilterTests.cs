using Berth.Engine.Networks;
using Berth.Network;
using Berth.Storage;

namespace Berth.Engine.Tests.Networks;

public sealed class NetworkFilterTests
{
    private static readonly Network.Network Subject = new()
    {
        Id = "0123abcd", Name = "front", Driver = NetworkDrivers.Bridge, Created = DateTimeOffset.UnixEpoch, Labels = new Dictionary<string, string> { ["tier"] = "web", ["bare"] = "" },
    };

    [Theory]
    [InlineData("""{}""", true)]
    [InlineData("""{"name":["ron"]}""", true)]
    [InlineData("""{"name":["x","front"]}""", true)]
    [InlineData("""{"name":["back"]}""", false)]
    [InlineData("""{"id":["0123"]}""", true)]
    [InlineData("""{"id":["ffff"]}""", false)]
    [InlineData("""{"driver":["bridge"]}""", true)]
    [InlineData("""{"driver":["macvlan"]}""", false)]
    [InlineData("""{"type":["custom"]}""", true)]
    [InlineData("""{"type":["builtin"]}""", false)]
    [InlineData("""{"scope":["swarm"]}""", false)]
    [InlineData("""{"label":["tier"]}""", true)]
    [InlineData("""{"label":["tier=web","bare"]}""", true)]
    [InlineData("""{"label":["tier=web","other"]}""", false)]
    [InlineData("""{"label":["tier=db"]}""", false)]
    [InlineData("""{"dangling":["true"]}""", true)]
    [InlineData("""{"dangling":["0"]}""", false)]
    [InlineData("""{"name":["front"],"driver":["macvlan"]}""", false)]
    public void AllKeysMustFitAndOneValueOfEach(string filters, bool fits) => Assert.Equal(fits, NetworkFilter.ForList(Filters.Parse(filters)).Matches(Subject, inUse: false));

    [Theory]
    [InlineData("""{"label!":["tier"]}""", false)]
    [InlineData("""{"label!":["tier=db"]}""", true)]
    [InlineData("""{"until":["1h"]}""", true)]
    [InlineData("""{"until":["-5"]}""", false)]
    public void PrunesHaveTheirOwn(string filters, bool fits) => Assert.Equal(fits, NetworkFilter.ForPrune(Filters.Parse(filters)).Matches(Subject, inUse: false));

    [Theory]
    [InlineData("""{"label!":["tier"]}""")]
    [InlineData("""{"nonsense":["1"]}""")]
    [InlineData("""{"type":["own"]}""")]
    public void WhatDoesNotExistIsRefused(string filters) => Assert.Equal(EngineErrorKind.Invalid, Assert.Throws<EngineException>(() => NetworkFilter.ForList(Filters.Parse(filters))).Kind);

    [Fact]
    public void OneTimeIsEnough() => Assert.Throws<EngineException>(() => NetworkFilter.ForPrune(Filters.Parse("""{"until":["1h","2h"]}""")));
}
