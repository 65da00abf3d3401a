using Berth.Linux;
using Berth.Linux.Files;
using Berth.Network.Networks;
using Berth.Network.Sandboxes;
using Berth.Storage;

namespace Berth.Network.Tests.Sandboxes;

/// <summary>The pool's decisions, with this test as the thread that makes sandboxes.</summary>
public sealed class SandboxPoolTests
{
    private int _woken;

    private SandboxPool Pool(int ready, string bridge = "10.0.0.1/16")
    {
        Assert.True(BridgeAddress.TryParse(bridge, out BridgeAddress? address));
        return new SandboxPool(new NetworkOptions { ReadySandboxes = ready }, new BridgePlan("berth0", address, 1500), () => _woken++);
    }

    private static PreparedSandbox Make(SandboxPool pool, SandboxOrder order)
    {
        var sandbox = new PreparedSandbox(new FileDescriptor(), order.Place);
        pool.Made(order, sandbox);
        return sandbox;
    }

    private static List<SandboxOrder> MakeAll(SandboxPool pool)
    {
        var orders = new List<SandboxOrder>();
        while (pool.NextOrder(long.MaxValue) is { } order)
        {
            Make(pool, order);
            orders.Add(order);
        }

        return orders;
    }

    [Fact]
    public async Task ReadyOnesAreMadeAheadAndReplacedWhenTaken()
    {
        SandboxPool pool = Pool(3);
        Assert.Equal(3, MakeAll(pool).Count(o => o.Place is not null));
        PreparedSandbox first = await pool.TakeAsync(bridged: true, null, CancellationToken.None);
        Assert.Equal("10.0.0.2", first.Place!.Address.ToString());
        Assert.Equal(1, _woken);
        Assert.Single(MakeAll(pool));
        PreparedSandbox isolated = await pool.TakeAsync(bridged: false, null, CancellationToken.None);
        Assert.Null(isolated.Place);
    }

    /// <summary>Both families' addresses come and go together; the smaller range says how many containers there are.</summary>
    [Fact]
    public void AnIpv6AddressGoesWithItsPlace()
    {
        Assert.True(BridgeAddress.TryParse("10.0.0.1/16", out BridgeAddress? four) & BridgeAddress.TryParseIpv6("fd00::1/126", out BridgeAddress? six));
        var pool = new SandboxPool(new NetworkOptions { ReadySandboxes = 0 }, new BridgePlan("berth0", four!, 1500) { Ipv6Address = six }, () => _woken++);
        BridgePlace first = pool.Place(null)!, second = pool.Place(null)!;
        Assert.Equal(("fd00::2", "fd00::3"), ($"{first.Ipv6Address}", $"{second.Ipv6Address}"));
        Assert.Null(pool.Place(null));
        Assert.Contains("IPv6", pool.Full, StringComparison.Ordinal);
        pool.Undo(first);
        Assert.Equal("fd00::2", $"{pool.Place(null)!.Ipv6Address}");
    }

    [Fact]
    public async Task WhileStartsGoOnOnlyHalfIsKeptReady()
    {
        SandboxPool pool = Pool(4);
        MakeAll(pool);
        for (int i = 0; i < 3; i++)
        {
            Assert.Null(pool.NextOrder(0)); // four, three, two ready: enough for now
            await pool.TakeAsync(bridged: true, null, CancellationToken.None);
        }

        Assert.InRange(pool.Timeout(0), 1, int.MaxValue); // it comes back to it by itself
        SandboxOrder order = pool.NextOrder(0)!;
        Make(pool, order);
        Assert.Null(pool.NextOrder(0));
        Assert.Equal(2, MakeAll(pool).Count);
    }

    [Fact]
    public async Task WhoWaitsIsServedInTurnAndTheShelfGrows()
    {
        SandboxPool pool = Pool(2);
        Task<PreparedSandbox>[] waiting = [.. Enumerable.Range(0, 3).Select(_ => pool.TakeAsync(bridged: true, null, CancellationToken.None))];
        Assert.Equal(3 + 4 + 2, MakeAll(pool).Count); // the three, four ahead instead of two, two isolated
        string[] addresses = [.. (await Task.WhenAll(waiting)).Select(s => s.Place!.Address.ToString())];
        Assert.Equal(["10.0.0.2", "10.0.0.3", "10.0.0.4"], addresses);
    }

    [Fact]
    public async Task OneMadeAheadGoesToWhoCameMeanwhile()
    {
        SandboxPool pool = Pool(1);
        SandboxOrder ahead = pool.NextOrder(long.MaxValue)!;
        Task<PreparedSandbox> waiting = pool.TakeAsync(bridged: true, null, CancellationToken.None);
        Assert.Same(Make(pool, ahead), await waiting);
    }

    [Fact]
    public async Task AnOwnHardwareAddressGetsASandboxOfItsOwn()
    {
        SandboxPool pool = Pool(1);
        MakeAll(pool);
        Task<PreparedSandbox> waiting = pool.TakeAsync(bridged: true, new MacAddress(0x020000000001), CancellationToken.None);
        Assert.False(waiting.IsCompleted);
        SandboxOrder order = pool.NextOrder(long.MaxValue)!;
        Assert.Equal(0x020000000001UL, order.Place!.MacAddress.Value);
        Assert.Same(Make(pool, order), await waiting);
    }

    [Fact]
    public async Task NoMoreAreMadeWhileTheKernelLagsBehind()
    {
        SandboxPool pool = Pool(1);
        var names = new List<string>();
        for (int i = 0; i < 96; i++)
        {
            MakeAll(pool);
            PreparedSandbox taken = await pool.TakeAsync(bridged: true, null, CancellationToken.None);
            names.Add(taken.Place!.HostInterface);
            pool.Release(taken.Place.HostInterface);
        }

        Assert.Null(pool.NextOrder(long.MaxValue));
        Task<PreparedSandbox> patient = pool.TakeAsync(bridged: true, null, CancellationToken.None);
        Assert.Null(pool.NextOrder(long.MaxValue));
        Task<PreparedSandbox> isolated = pool.TakeAsync(bridged: false, null, CancellationToken.None);
        await isolated; // these do not depend on it
        pool.Removed(names[0]);
        Make(pool, pool.NextOrder(long.MaxValue)!);
        await patient;
    }

    [Fact]
    public async Task AFailureReachesWhoWaitsAndFreesWhatWasReserved()
    {
        SandboxPool pool = Pool(0, "10.0.0.1/30"); // one container
        for (int i = 0; i < 3; i++)
        {
            Task<PreparedSandbox> waiting = pool.TakeAsync(bridged: true, null, CancellationToken.None);
            pool.Failed(pool.NextOrder(long.MaxValue)!, EngineException.Internal("no"), full: false);
            Assert.Equal("no", (await Assert.ThrowsAsync<EngineException>(() => waiting)).Message);
            Assert.Empty(pool.LinkNames());
        }
    }

    [Fact]
    public async Task AFullBridgeIsWaitedForOnlyWhileLinksAreDying()
    {
        SandboxPool pool = Pool(0);
        Task<PreparedSandbox> first = pool.TakeAsync(bridged: true, null, CancellationToken.None);
        Make(pool, pool.NextOrder(long.MaxValue)!);
        string link = (await first).Place!.HostInterface;
        pool.Release(link);
        Task<PreparedSandbox> second = pool.TakeAsync(bridged: true, null, CancellationToken.None);
        pool.Failed(pool.NextOrder(long.MaxValue)!, new LinuxException("rtnetlink", "veth", Errno.EXFULL), full: true);
        Assert.Null(pool.NextOrder(long.MaxValue));
        pool.Removed(link);
        pool.Failed(pool.NextOrder(long.MaxValue)!, EngineException.Unavailable("full"), full: true);
        Assert.Equal("full", (await Assert.ThrowsAsync<EngineException>(() => second)).Message);
    }

    [Fact]
    public async Task WhoGaveUpLeavesHisToTheNext()
    {
        SandboxPool pool = Pool(1);
        using var gone = new CancellationTokenSource();
        Task<PreparedSandbox> impatient = pool.TakeAsync(bridged: true, null, gone.Token);
        SandboxOrder order = pool.NextOrder(long.MaxValue)!;
        await gone.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => impatient);
        PreparedSandbox made = Make(pool, order);
        Assert.Same(made, await pool.TakeAsync(bridged: true, null, CancellationToken.None));
    }

    [Fact]
    public async Task ABrokenReadyOneIsNotHandedOut()
    {
        SandboxPool pool = Pool(2);
        List<SandboxOrder> orders = MakeAll(pool);
        string broken = orders[0].Place!.HostInterface;
        Assert.NotNull(pool.Removed(broken));
        Assert.NotEqual(broken, (await pool.TakeAsync(bridged: true, null, CancellationToken.None)).Place!.HostInterface);
        Assert.DoesNotContain(broken, pool.LinkNames());
    }

    [Fact]
    public async Task AtTheEndWhoWaitsIsRefusedAndWhatIsReadyComesBack()
    {
        SandboxPool pool = Pool(2);
        MakeAll(pool);
        Task<PreparedSandbox> waiting = pool.TakeAsync(bridged: true, new MacAddress(0x020000000001), CancellationToken.None);
        Assert.Equal(4, pool.Stop().Count);
        await Assert.ThrowsAsync<EngineException>(() => waiting);
        await Assert.ThrowsAsync<EngineException>(() => pool.TakeAsync(bridged: true, null, CancellationToken.None));
        Assert.Null(pool.NextOrder(long.MaxValue));
    }
}
