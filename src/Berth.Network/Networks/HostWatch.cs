using Berth.Linux;
using Berth.Linux.Netlink;
using Berth.Network.Firewall;
using Berth.Storage;

namespace Berth.Network.Networks;

/// <summary>
/// Keeps the host's network as containers need it while others change it ("ip address flush", "ip rule flush", a reload of sysctl.conf), as
/// <see cref="FirewallWatch"/> does the firewall: once a loss of ours is heard of the socket is left alone until the moment of repair, and who undoes
/// each repair is answered more and more slowly. Used on the network thread only.
/// </summary>
/// <param name="losses">Of the host.</param>
/// <param name="repair">Who repairs.</param>
/// <param name="log">One line a repair.</param>
internal sealed class HostWatch(NetworkLosses losses, HostRepair repair, Action<string> log)
{
    private readonly RepairPace _pace = new();
    private readonly List<NetworkLoss> _heard = [];
    private long? _due;
    private string? _failure; // told once, as long as it is the same

    /// <summary>A loss is wanted to be heard of; otherwise one was, and its time has not come.</summary>
    public bool Listens => _due is null;

    /// <summary>Milliseconds until <see cref="Act"/> has something to do; -1: only when a loss is heard of.</summary>
    public int Timeout(long now) => _due is { } due ? (int)Math.Clamp(due - now, 0, RepairPace.Longest) : -1;

    /// <summary>The socket is readable. Others' losses, such as those of links that go, are no reason to look.</summary>
    public void Heard(long now)
    {
        if (!Read() || _heard.Exists(repair.Concerns))
        {
            _due ??= now + _pace.Delay;
        }
    }

    /// <summary>Looks at what is missing, when its time has come.</summary>
    public void Act(long now)
    {
        if (_due is not { } due || now < due)
        {
            return;
        }

        Read(); // what came meanwhile is looked at now
        List<string> restored = [];
        string? failure = TryRepair(restored);
        if (restored.Count > 0)
        {
            log($"somebody took away from the host's network what containers need, and it was put back: {string.Join(", ", restored)}");
        }

        if (failure is not null && failure != _failure)
        {
            log($"the host's network could not be put back as containers need it, and that is tried again: {failure}");
        }

        _failure = failure;
        if ((restored.Count > 0 || failure is not null) && _pace.Repaired(now) && failure is null)
        {
            log($"that happens again and again: it is put back at longer intervals from now on, up to {RepairPace.Longest / 1000} s, until it ends");
        }

        _due = failure is null ? null : now + Math.Max(_pace.Delay, 1000);
    }

    private string? TryRepair(List<string> restored)
    {
        try
        {
            repair.Run(restored);
            return null;
        }
        catch (Exception e) when (e is LinuxException or EngineException)
        {
            return e.Message;
        }
    }

    private bool Read()
    {
        _heard.Clear();
        return losses.Read(_heard);
    }
}
