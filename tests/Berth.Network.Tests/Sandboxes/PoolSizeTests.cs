using Berth.Network.Sandboxes;

namespace Berth.Network.Tests.Sandboxes;

public sealed class PoolSizeTests
{
    [Fact]
    public void ItGrowsWithEachWaitAndShrinksWhenItIsQuiet()
    {
        var size = new PoolSize(6, 32, 1000);
        Assert.Equal(6, size.Target);
        Assert.Null(size.NextChange);
        size.Missed(0, first: true);
        size.Missed(1, first: false); // waits with the first
        Assert.Equal(12, size.Target);
        Assert.Equal(1001, size.NextChange);
        size.Missed(2, first: true);
        size.Missed(3, first: true);
        Assert.Equal(32, size.Target);
        size.Settle(1002);
        Assert.Equal(32, size.Target);
        size.Settle(1003);
        Assert.Equal(6, size.Target);
        Assert.Null(size.NextChange);
    }

    [Fact]
    public void NoneStaysNone()
    {
        var size = new PoolSize(0, 32, 1000);
        size.Missed(0, first: true);
        Assert.Equal(0, size.Target);
    }
}
