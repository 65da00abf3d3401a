namespace Berth.Network.Firewall;

/// <summary>
/// When to repair after a change was heard of: soon enough that published ports answer within a second, late enough that a burst (a firewall's
/// reload is several transactions) is repaired once. Who undoes each repair is answered at longer and longer intervals, never not at all:
/// two programs that overwrite each other's rules would take a processor each. Pure; times in milliseconds.
/// </summary>
internal sealed class RepairPace
{
    public const int Shortest = 100, Longest = 10_000;

    /// <summary>A repair that holds for that long was no struggle: a program that undoes repairs does it at once, an administrator types another command.</summary>
    public const int Peace = 2_000;

    /// <summary>Repairs in a row at the shortest interval.</summary>
    public const int Patience = 5;

    private long? _last;
    private int _row;

    /// <summary>The next repair comes later than the usual moment after the change.</summary>
    public bool IsSlow => _row >= Patience;

    /// <summary>From a change's notification to the repair.</summary>
    public int Delay => _row < Patience ? Shortest : (int)Math.Min((long)Longest, (long)Shortest << Math.Min(_row - Patience + 1, 16));

    /// <summary>Something had to be repaired.</summary>
    /// <returns>True: from now on it is slow.</returns>
    public bool Repaired(long now)
    {
        _row = _last is { } last && now - last - Delay < Peace ? _row + 1 : 1; // it was undone a delay ago
        _last = now;
        return _row == Patience;
    }
}
