using Berth.Api;
using Berth.Engine.Events;
using Berth.Storage;
using Berth.Storage.Database;
using Berth.Storage.Failpoints;

namespace Berth.Engine.Tests.Events;

public sealed class EventTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("berth-events-").FullName;
    private readonly BerthDatabase _database;
    private readonly EventLog _log;

    public EventTests()
    {
        var root = new DataRoot(_folder, Path.Join(_folder, "run"));
        root.Create();
        _database = BerthDatabase.Open(root, Durable.None());
        _log = new EventLog(_database);
    }

    public void Dispose()
    {
        _database.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task KeptAndNewEventsComeOnceAndInOrder()
    {
        await PostAsync("create");
        using var cancel = new CancellationTokenSource();
        IAsyncEnumerator<EventMessage> events = _log.SubscribeAsync(DateTimeOffset.UtcNow.AddMinutes(-1), null, Filters.None, cancel.Token).GetAsyncEnumerator(CancellationToken.None);
        await PostAsync("start");
        await PostAsync("die");
        foreach (string action in (string[])["create", "start", "die"])
        {
            Assert.True(await events.MoveNextAsync());
            Assert.Equal(action, events.Current.Action);
        }

        Assert.Equal((events.Current.LegacyStatus, events.Current.LegacyId, events.Current.LegacyFrom), ("die", Samples.Id, "busybox"));
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => events.MoveNextAsync().AsTask());
    }

    [Fact]
    public async Task WithoutSinceOnlyNewOnesCome()
    {
        await PostAsync("create");
        await using IAsyncEnumerator<EventMessage> events = _log.SubscribeAsync(null, null, Filters.None, CancellationToken.None).GetAsyncEnumerator(CancellationToken.None);
        await PostAsync("start");
        Assert.True(await events.MoveNextAsync());
        Assert.Equal("start", events.Current.Action);
    }

    [Fact]
    public async Task AnUntilInThePastEndsWithTheKeptOnes()
    {
        await PostAsync("create");
        var actions = new List<string?>();
        await foreach (EventMessage message in _log.SubscribeAsync(null, DateTimeOffset.UtcNow, Filters.None, CancellationToken.None))
        {
            actions.Add(message.Action);
        }

        Assert.Equal(["create"], actions);
    }

    [Fact]
    public async Task AnUntilSoonEnds()
    {
        await foreach (EventMessage message in _log.SubscribeAsync(null, DateTimeOffset.UtcNow.AddMilliseconds(50), Filters.None, CancellationToken.None))
        {
            Assert.Fail(message.Action);
        }
    }

    [Theory]
    [InlineData("type", "container", true)]
    [InlineData("type", "volume", false)]
    [InlineData("event", "exec_create", true)]
    [InlineData("event", "exec", false)]
    [InlineData("container", "web", true)]
    [InlineData("container", "0a1b", true)]
    [InlineData("container", "other", false)]
    [InlineData("image", "busybox", true)]
    [InlineData("image", "debian", false)]
    [InlineData("label", "tier", true)]
    [InlineData("label", "tier=front", true)]
    [InlineData("label", "tier=back", false)]
    [InlineData("volume", "web", false)]
    [InlineData("scope", "local", true)]
    public void FiltersMatchAsDockers(string key, string value, bool expected)
    {
        var message = new EventMessage
        {
            Type = "container",
            Action = "exec_create: sh",
            Scope = "local",
            Actor = new EventActor { ID = Samples.Id, Attributes = new Dictionary<string, string> { ["name"] = "web", ["image"] = "busybox:latest", ["tier"] = "front" } },
        };
        var filters = new Filters(new Dictionary<string, IReadOnlyList<string>> { [key] = [value] });
        Assert.Equal(expected, new EventFilter(filters).Matches(message));
    }

    [Fact]
    public void UnknownFiltersAreRefused() => Assert.Equal(
        "invalid filter 'nope'",
        Assert.Throws<EngineException>(() => new EventFilter(new Filters(new Dictionary<string, IReadOnlyList<string>> { ["nope"] = ["x"] }))).Message);

    [Theory]
    [InlineData("{\"name\":[\"a\",\"b\"]}", "a,b")]
    [InlineData("{\"name\":{\"a\":true,\"c\":false}}", "a")]
    [InlineData("", "")]
    public void FiltersOfBothForms(string json, string values) => Assert.Equal(values, string.Join(',', Filters.Parse(json)["name"]));

    [Theory]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("{\"name\":5}")]
    [InlineData("{\"name\":[5]}")]
    public void OtherFormsAreRefused(string json) => Assert.Throws<FormatException>(() => Filters.Parse(json));

    private Task PostAsync(string action) =>
        _log.PostAsync(new EngineEvent("container", action, Samples.Id, new Dictionary<string, string> { ["image"] = "busybox", ["name"] = "web" }));
}
