using System.Net;

using Berth.Linux.Time;
using Berth.Network.Addresses;
using Berth.Network.Networks;
using Berth.Storage;

namespace Berth.Network.Sandboxes;

/// <summary>
/// What is ready, who waits, which addresses and links are in use. Takers come from any thread and only take a lock for microseconds;
/// the network thread asks <see cref="NextOrder"/> what to make and reports back. No kernel call is made here.
/// </summary>
internal sealed class SandboxPool(NetworkOptions options, BridgePlan plan, Action wake)
{
    // Their namespaces are still being torn down by the kernel. Making more meanwhile would only let them pile up.
    private const int MostDying = 96;
    private const int ReadyIsolated = 2;
    private const long QuietMilliseconds = 5_000;

    // By then the kernel has let go of a namespace long ago, unless another container shares it: then the link is taken out of it.
    private const long GraceMilliseconds = 5_000;

    // A start is over by then. Until half of the ready ones are gone, the next is made only after that, with CPU time the start does not need.
    private const long RefillMilliseconds = 50;

    private readonly Lock _gate = new();
    private readonly SandboxShelf _bridged = new();
    private readonly SandboxShelf _isolated = new();
    private readonly AddressBook _addresses = Book(plan.Address, plan.Range, plan.DefaultGateway, plan.Found);
    private readonly AddressBook? _addresses6 = plan.Ipv6Address is { } own ? Book(own, plan.Ipv6Range, plan.DefaultIpv6Gateway, plan.Found) : null;
    private readonly Dictionary<IPAddress, IPAddress> _ipv6Of = []; // by the IPv4 address it was given out with
    private readonly LinkLedger _links = new();
    private readonly PoolSize _size = new(options.ReadySandboxes, options.MaximumReadySandboxes, QuietMilliseconds);
    private long _refillAt;
    private bool _aheadPaused;
    private bool _blocked;
    private bool _stopped;

    /// <summary>Hands out a ready sandbox, or waits for one to be made.</summary>
    public async Task<PreparedSandbox> TakeAsync(bool bridged, MacAddress? macAddress, CancellationToken cancel)
    {
        SandboxWaiter waiter;
        lock (_gate)
        {
            if (_stopped)
            {
                throw EngineException.Unavailable("the daemon is shutting down");
            }

            _aheadPaused = false;
            _refillAt = MonotonicClock.Milliseconds + RefillMilliseconds;
            SandboxShelf shelf = bridged ? _bridged : _isolated;
            if (macAddress is null && shelf.TryTake(out PreparedSandbox? ready))
            {
                wake();
                return ready;
            }

            waiter = new SandboxWaiter(macAddress);
            shelf.Wait(waiter);
            if (bridged && macAddress is null)
            {
                _size.Missed(MonotonicClock.Milliseconds, shelf.Waiting == 1);
            }
        }

        wake();
        await using CancellationTokenRegistration registration = cancel.Register(() => waiter.Cancel(cancel));
        return await waiter.Task;
    }

    /// <summary>A place for a container that runs already; null: there is no address left.</summary>
    public BridgePlace? Place(MacAddress? macAddress)
    {
        lock (_gate)
        {
            return _stopped ? null : NewPlace(macAddress);
        }
    }

    /// <summary>A place whose link could not be made is free again.</summary>
    public void Undo(BridgePlace place)
    {
        lock (_gate)
        {
            _links.Undo(place.HostInterface);
            GiveBack(place.Address);
        }
    }

    /// <summary>How many addresses the bridge has, and where: for who found none left.</summary>
    public string Full => _addresses6 is { } six && six.Used >= six.Capacity
        ? $"network bridge has no free IPv6 address: all {six.Capacity} of {plan.Ipv6Range ?? plan.Ipv6Address!.Subnet} are in use; remove containers, or give the daemon more with --fixed-cidr-v6"
        : $"network bridge has no free address: all {_addresses.Capacity} of {plan.Range ?? plan.Address.Subnet} are in use; remove containers, or give the daemon a larger subnet with --bip";

    /// <summary>A link and address that an earlier daemon gave out.</summary>
    public void Adopt(string hostInterface, IPAddress address, IPAddress? ipv6, bool linkExists)
    {
        lock (_gate)
        {
            _addresses.TryReserve(address);
            if (ipv6 is not null && _addresses6?.TryReserve(ipv6) == true)
            {
                _ipv6Of[address] = ipv6;
            }

            _links.TryAdd(hostInterface, address);
            if (!linkExists)
            {
                _links.Removed(hostInterface);
            }
        }
    }

    /// <summary>Nobody needs a link any more; its namespace is expected to die by itself.</summary>
    public void Release(string hostInterface)
    {
        lock (_gate)
        {
            Free(_links.Release(hostInterface, MonotonicClock.Milliseconds + GraceMilliseconds));
        }

        wake(); // its deadline may be the first
    }

    /// <summary>The kernel removed a link. A ready sandbox that stood on it is returned, to be dropped.</summary>
    public PreparedSandbox? Removed(string hostInterface)
    {
        lock (_gate)
        {
            Free(_links.Removed(hostInterface));
            PreparedSandbox? broken = _bridged.Remove(hostInterface);
            if (broken is not null)
            {
                Free(_links.Release(hostInterface, 0));
            }

            return broken;
        }
    }

    /// <summary>Links in use or dying, as names.</summary>
    public string[] LinkNames()
    {
        lock (_gate)
        {
            return [.. _links.Names];
        }
    }

    /// <summary>Notifications were lost: which known links are not among those that exist.</summary>
    public List<string> Missing(IReadOnlySet<string> existing)
    {
        lock (_gate)
        {
            return _links.Missing(existing);
        }
    }

    /// <summary>Released links that are still there after their grace.</summary>
    public List<string> Overdue(long now)
    {
        lock (_gate)
        {
            return _links.Overdue(now, now + GraceMilliseconds);
        }
    }

    /// <summary>Milliseconds until something has to be looked at again; -1: only when woken.</summary>
    public int Timeout(long now)
    {
        lock (_gate)
        {
            long next = Math.Min(_links.NextDeadline() ?? long.MaxValue, _size.NextChange ?? long.MaxValue);
            if (!_aheadPaused && now < _refillAt)
            {
                next = Math.Min(next, _refillAt);
            }

            return next == long.MaxValue ? -1 : (int)Math.Clamp(next - now, 0, int.MaxValue);
        }
    }

    /// <summary>What to make now; null: nothing. The place it names is reserved.</summary>
    public SandboxOrder? NextOrder(long now)
    {
        lock (_gate)
        {
            if (_stopped || _blocked || _links.Dying >= MostDying)
            {
                return _isolated.TryTakeWaiter(out SandboxWaiter? patient) ? new SandboxOrder(null, patient) : null;
            }

            SandboxWaiter? waiter;
            while (!_blocked && _bridged.TryTakeWaiter(out waiter))
            {
                if (Bridged(waiter) is { } order)
                {
                    return order;
                }
            }

            if (_isolated.TryTakeWaiter(out waiter))
            {
                return new SandboxOrder(null, waiter);
            }

            return _aheadPaused ? null : Ahead(now);
        }
    }

    /// <summary>An order was carried out.</summary>
    public void Made(SandboxOrder order, PreparedSandbox sandbox)
    {
        if (order.Waiter?.TryGive(sandbox) == true)
        {
            return;
        }

        lock (_gate)
        {
            SandboxShelf shelf = sandbox.Place is null ? _isolated : _bridged;
            while (shelf.TryTakeWaiter(out SandboxWaiter? waiter)) // somebody who came while it was made ahead
            {
                if (waiter.MacAddress is not null)
                {
                    shelf.PutBack(waiter);
                    break;
                }

                if (waiter.TryGive(sandbox))
                {
                    return;
                }
            }

            shelf.Put(sandbox);
        }
    }

    /// <summary>An order failed; its place is free again.</summary>
    /// <param name="order">The order.</param>
    /// <param name="reason">Why.</param>
    /// <param name="full">The bridge has no port left: worth waiting while links are dying.</param>
    public void Failed(SandboxOrder order, Exception reason, bool full)
    {
        lock (_gate)
        {
            if (order.Place is { } place)
            {
                _links.Undo(place.HostInterface);
                GiveBack(place.Address);
            }

            _aheadPaused = true;
            if (order.Waiter is not null && full && _links.Dying > 0)
            {
                _bridged.PutBack(order.Waiter);
                _blocked = true;
                return;
            }
        }

        order.Waiter?.Fail(reason);
    }

    /// <summary>Takes back what was grown for load that is over.</summary>
    public List<PreparedSandbox> Surplus(long now)
    {
        var surplus = new List<PreparedSandbox>();
        lock (_gate)
        {
            _size.Settle(now);
            while (_bridged.Ready > _size.Target && _bridged.TryTake(out PreparedSandbox? sandbox))
            {
                surplus.Add(sandbox);
            }
        }

        return surplus;
    }

    /// <summary>Ends: whoever waits is refused, what is ready is returned to be dropped.</summary>
    public List<PreparedSandbox> Stop()
    {
        var ready = new List<PreparedSandbox>();
        lock (_gate)
        {
            _stopped = true;
            foreach (SandboxShelf shelf in (SandboxShelf[])[_bridged, _isolated])
            {
                while (shelf.TryTakeWaiter(out SandboxWaiter? waiter))
                {
                    waiter.Fail(EngineException.Unavailable("the daemon is shutting down"));
                }

                while (shelf.TryTake(out PreparedSandbox? sandbox))
                {
                    ready.Add(sandbox);
                }
            }
        }

        return ready;
    }

    private SandboxOrder? Ahead(long now)
    {
        bool quiet = now >= _refillAt;
        if (_bridged.Ready < (quiet ? _size.Target : (_size.Target + 1) / 2))
        {
            return Bridged(null);
        }

        return _isolated.Ready < Math.Min(quiet ? ReadyIsolated : 1, _size.Target) ? new SandboxOrder(null, null) : null;
    }

    private SandboxOrder? Bridged(SandboxWaiter? waiter)
    {
        if (NewPlace(waiter?.MacAddress) is { } place)
        {
            return new SandboxOrder(place, waiter);
        }

        _aheadPaused = true;
        if (waiter is not null && _links.Dying > 0)
        {
            _bridged.PutBack(waiter);
            _blocked = true;
        }
        else
        {
            waiter?.Fail(EngineException.Unavailable(Full));
        }

        return null;
    }

    private BridgePlace? NewPlace(MacAddress? macAddress)
    {
        if (!_addresses.TryTake(out IPAddress? address))
        {
            return null;
        }

        IPAddress? six = null;
        if (_addresses6?.TryTake(out six) == false)
        {
            _addresses.Free(address);
            return null;
        }

        if (six is not null)
        {
            _ipv6Of[address] = six;
        }

        string name;
        do
        {
            name = LinkName.New();
        }
        while (!_links.TryAdd(name, address));

        return new BridgePlace(name, address, macAddress ?? MacAddress.Of(address)) { Ipv6Address = six };
    }

    private void Free(IPAddress? address)
    {
        if (address is { } free)
        {
            GiveBack(free);
            _blocked = false;
            _aheadPaused = false;
        }
    }

    private void GiveBack(IPAddress address)
    {
        _addresses.Free(address);
        if (_ipv6Of.Remove(address, out IPAddress? six))
        {
            _addresses6!.Free(six);
        }
    }

    private static AddressBook Book(BridgeAddress bridge, IPNetwork? range, IPAddress? gateway, IReadOnlyList<string>? found) =>
        new(bridge.Subnet, range ?? bridge.Subnet, bridge.Address, [.. gateway is null ? [] : (IPAddress[])[gateway], .. AddressSpace.OwnOf(found).Where(bridge.Subnet.Contains)]);
}
