using Berth.Linux;
using Berth.Linux.NfTables;

namespace Berth.Network.Firewall;

/// <summary>
/// Keeps the firewall as it was written while others change theirs. Once a change is heard of the socket is left alone until the moment of
/// repair: what comes meanwhile is one burst, and nobody can keep this thread busy by changing rules in a loop. Used on the network thread only.
/// </summary>
/// <param name="changes">Of the host.</param>
/// <param name="own">The socket our own changes are made with.</param>
/// <param name="keeper">Who repairs.</param>
/// <param name="log">One line a repair.</param>
internal sealed class FirewallWatch(NfChanges changes, uint own, FirewallKeeper keeper, Action<string> log)
{
    private readonly RepairPace _pace = new();
    private readonly List<NfChange> _heard = [];
    private long? _due;
    private FirewallDamage _open; // what a repair that failed left

    /// <summary>A change is wanted to be heard of; otherwise one was, and its time has not come.</summary>
    public bool Listens => _due is null;

    /// <summary>Milliseconds until <see cref="Act"/> has something to do; -1: only when a change is heard of.</summary>
    public int Timeout(long now) => _due is { } due ? (int)Math.Clamp(due - now, 0, RepairPace.Longest) : -1;

    /// <summary>The socket is readable.</summary>
    public void Heard(long now) => _due ??= now + _pace.Delay;

    /// <summary>Looks at what happened, when its time has come.</summary>
    public void Act(long now)
    {
        if (_due is not { } due || now < due)
        {
            return;
        }

        _due = null;
        _heard.Clear();
        bool complete = changes.Read(_heard, own);
        FirewallDamage damage = _heard.Aggregate(_open, (all, change) => all | FirewallDamages.Of(change, keeper.Table));
        NfChange? culprit = _heard.Find(c => FirewallDamages.Of(c, keeper.Table) != FirewallDamage.None && c.Program.Length > 0);
        try
        {
            if (Repair(damage, complete, culprit) && _pace.Repaired(now))
            {
                log($"the firewall is changed by somebody again and again{By(culprit)}: it is put back at longer intervals from now on, up to {RepairPace.Longest / 1000} s, until that ends");
            }

            _open = FirewallDamage.None;
        }
        catch (LinuxException e)
        {
            log($"the firewall could not be put back and is tried again: {e.Message}");
            _pace.Repaired(now);
            _open = complete ? damage : FirewallDamage.Table | FirewallDamage.Exceptions;
            _due = now + Math.Max(_pace.Delay, 1000);
        }
    }

    private bool Repair(FirewallDamage damage, bool complete, NfChange? culprit)
    {
        bool repaired = false;
        if (damage.HasFlag(FirewallDamage.Table) || (!complete && !keeper.IsWhole()))
        {
            keeper.WriteAll();
            log($"the firewall table {keeper.Table} was changed{By(culprit)}, and was put back");
            repaired = true;
        }
        else if ((damage.HasFlag(FirewallDamage.Exceptions) || !complete) && keeper.PassForeign() > 0)
        {
            log($"the rules that let containers past the host's FORWARD chain were missing{(culprit is null ? "" : $" after {Named(culprit)} changed it")}, and were added");
            repaired = true;
        }

        return repaired;
    }

    private static string By(NfChange? culprit) => culprit is null ? " by somebody" : $" by {Named(culprit)}";

    private static string Named(NfChange culprit) => $"{culprit.Program} (process {culprit.Pid})";
}
