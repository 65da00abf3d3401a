using Berth.Engine.Containers;

namespace Berth.Engine.Tests.Containers;

public sealed class ContainerActorTests
{
    [Fact]
    public async Task WorkRunsOneAfterTheOtherInTheOrderItWasAskedFor()
    {
        var actor = new ContainerActor(Samples.Record());
        var order = new List<int>();
        int inside = 0;
        await Task.WhenAll(Enumerable.Range(0, 100).Select(i => actor.RunAsync(async () =>
        {
            Assert.Equal(1, Interlocked.Increment(ref inside));
            await Task.Yield();
            order.Add(i);
            Interlocked.Decrement(ref inside);
        })));
        Assert.Equal(Enumerable.Range(0, 100), order);
    }

    [Fact]
    public async Task WorkThatFailsDoesNotHoldTheNextUp()
    {
        var actor = new ContainerActor(Samples.Record());
        Task failing = actor.RunAsync(() => Task.FromException(new FormatException()));
        Assert.Equal(5, await actor.RunAsync(() => Task.FromResult(5)));
        await Assert.ThrowsAsync<FormatException>(() => failing);
    }

    [Fact]
    public async Task AWaiterSeesEveryRecordInBetween()
    {
        var actor = new ContainerActor(Samples.Record());
        Task<ContainerRecord> wait = actor.WhenAsync(r => r.Phase == Phase.Exited, CancellationToken.None);
        actor.Publish(actor.Record with { Phase = Phase.Exited, Exits = 1 });
        actor.Publish(actor.Record with { Phase = Phase.Starting });
        Assert.Equal(1, (await wait).Exits);
        Assert.Equal(Phase.Starting, actor.Record.Phase);
    }

    [Fact]
    public async Task AWaiterMayGiveUp()
    {
        var actor = new ContainerActor(Samples.Record());
        using var cancel = new CancellationTokenSource();
        Task<ContainerRecord> wait = actor.WhenAsync(_ => false, cancel.Token);
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => wait);
    }

    [Fact]
    public void ContainersAreFoundByIdNameAndBeginning()
    {
        var registry = new ContainerRegistry();
        var actor = new ContainerActor(Samples.Record());
        var other = new ContainerActor(Samples.Record() with { Name = "db", Document = Samples.Record().Document with { Id = "0a" + new string('f', 62) } });
        registry.Add(actor);
        registry.Add(other);
        Assert.Same(actor, registry.Find(Samples.Id));
        Assert.Same(actor, registry.Find("web"));
        Assert.Same(actor, registry.Find("/web"));
        Assert.Same(actor, registry.Find("0a1b"));
        Assert.Contains("Multiple IDs", Assert.Throws<Storage.EngineException>(() => registry.Find("0a")).Message, StringComparison.Ordinal);
        Assert.Equal("No such container: nope", Assert.Throws<Storage.EngineException>(() => registry.Find("nope")).Message);
        Assert.Equal(Samples.Id, registry.Reserve("web", "another"));
        Assert.Null(registry.Reserve("free", "another"));
        registry.Release("free", "somebody else");
        Assert.Equal("another", registry.Reserve("free", "third"));
    }
}
