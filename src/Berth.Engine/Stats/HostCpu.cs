using System.Globalization;

using Berth.Linux.Files;

namespace Berth.Engine.Stats;

/// <summary>What all processors of the host together did since its start. proc_stat(5).</summary>
/// <param name="Nanoseconds">In whatever state, idle too.</param>
/// <param name="Online">How many processors there are now.</param>
internal readonly record struct HostCpu(ulong Nanoseconds, uint Online)
{
    // USER_HZ, which is 100 for every architecture that Berth runs on.
    private const ulong TickNanoseconds = 10_000_000;

    // user nice system idle iowait irq softirq, as Docker counts: what a hypervisor took away and guests (they are in user already) are left out.
    private const int CountedStates = 7;

    public static HostCpu Read() => Parse(SmallFile.Read("/proc/stat", 16 << 20));

    public static HostCpu Parse(string stat)
    {
        ulong ticks = 0;
        uint online = 0;
        foreach (string line in stat.Split('\n').TakeWhile(static l => l.StartsWith("cpu", StringComparison.Ordinal)))
        {
            if (line.StartsWith("cpu ", StringComparison.Ordinal))
            {
                foreach (string field in line.Split(' ', StringSplitOptions.RemoveEmptyEntries).Skip(1).Take(CountedStates))
                {
                    ticks += ulong.Parse(field, CultureInfo.InvariantCulture);
                }
            }
            else
            {
                online++;
            }
        }

        return new HostCpu(ticks * TickNanoseconds, online);
    }
}
