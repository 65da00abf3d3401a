using Berth.Linux;
using Berth.Linux.Interop;
using Berth.Linux.Namespaces;
using Berth.Linux.Netlink;
using Berth.Network.Sandboxes;
using Berth.Storage;

namespace Berth.Network.Tests.Sandboxes;

/// <summary>Pairs that go beside everything else, against the kernel.</summary>
public sealed class LinkRemoverTests : IDisposable
{
    private readonly TestHost _host = new();
    private readonly LinkRemover _remover;

    public LinkRemoverTests() => _remover = new LinkRemover(NetworkNamespace.Run(_host.Namespace, static () => NetlinkSocket.Open(Libc.NETLINK_ROUTE)));

    public void Dispose()
    {
        _remover.Dispose();
        _host.Dispose();
    }

    [Fact]
    public async Task ALinkIsGoneWhenItsRemovalIsDone()
    {
        Make("v0");
        Make("v1");
        await _remover.RemoveAsync("v0");
        Assert.Equal(["p1", "v1"], _host.Ports().Order());
    }

    [Fact]
    public async Task WhatIsNotThereIsDone()
    {
        await _remover.RemoveAsync("v0");
        Make("v1");
        await Task.WhenAll(_remover.RemoveAsync("v0"), _remover.RemoveAsync("v1"));
        Assert.Empty(_host.Ports());
    }

    [Fact]
    public async Task ManyAreAskedForAtOnceAndOneAfterTheOther()
    {
        const int Count = 40;
        for (int round = 0; round < 3; round++)
        {
            for (int i = 0; i < Count; i++)
            {
                Make($"v{i}");
            }

            var removals = new Task[Count];
            Parallel.For(0, Count, i => removals[i] = _remover.RemoveAsync($"v{i}"));
            await Task.WhenAll(removals);
            Assert.Empty(_host.Ports());
        }
    }

    [Fact]
    public async Task WhoAsksAgainMeanwhileWaitsForTheSame()
    {
        Make("v0");
        Task[] twice = [_remover.RemoveAsync("v0"), _remover.RemoveAsync("v0")];
        await Task.WhenAll(twice);
        Assert.Empty(_host.Ports());
        Make("v0"); // a name that comes back is another link
        await _remover.RemoveAsync("v0");
        Assert.Empty(_host.Ports());
    }

    [Fact]
    public async Task TheKernelsWordIsEnough()
    {
        Make("v0");
        Task removal = _remover.RemoveAsync("v0");
        _remover.Removed("v0");
        _remover.Removed("stranger");
        await removal;
        await TestHost.UntilAsync(() => _host.Ports().Length == 0, "the call comes back after the word");
    }

    [Fact]
    public async Task WhatTheKernelRefusesIsSaidToWhoAsked()
    {
        // lo cannot be deleted (EOPNOTSUPP of rtnl_delete_link in net/core/rtnetlink.c).
        LinuxException refused = await Assert.ThrowsAsync<LinuxException>(() => _remover.RemoveAsync("lo"));
        Assert.Equal(Errno.EOPNOTSUPP, refused.Errno);
        await Assert.ThrowsAsync<LinuxException>(() => _remover.RemoveAsync("lo")); // asked anew: the refusal is not kept
    }

    [Fact]
    public void ItsEndWaitsForWhatWasAskedAndLetsNoMoreIn()
    {
        for (int i = 0; i < 8; i++)
        {
            Make($"v{i}");
            _ = _remover.RemoveAsync($"v{i}");
        }

        _remover.Dispose();
        Assert.Empty(_host.Ports());
        EngineException refused = Assert.Throws<EngineException>(() => { _ = _remover.RemoveAsync("v0"); });
        Assert.Equal(EngineErrorKind.Unavailable, refused.Kind);
    }

    private void Make(string name) => _host.RunProgram("ip", "link", "add", name, "type", "veth", "peer", "name", "p" + name[1..]);
}
