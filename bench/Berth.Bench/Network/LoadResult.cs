using System.Runtime.InteropServices;

namespace Berth.Bench.Network;

/// <summary>What all queriers of one round saw together.</summary>
internal sealed record LoadResult(double Median, double Percentile99, double PerSecond, long Lost)
{
    /// <summary>Reads and removes the queriers' files: first the number of lost queries, then each answer's nanoseconds.</summary>
    public static LoadResult Of(string[] files)
    {
        long lost = 0;
        var all = new List<long>();
        foreach (string file in files)
        {
            ReadOnlySpan<long> numbers = MemoryMarshal.Cast<byte, long>(File.ReadAllBytes(file));
            lost += numbers[0];
            all.AddRange(numbers[1..]);
            File.Delete(file);
        }

        if (all.Count == 0)
        {
            throw new InvalidOperationException($"no query was answered, {lost} were lost");
        }

        all.Sort();
        return new LoadResult(all[all.Count / 2] / 1e6, all[all.Count * 99 / 100] / 1e6, all.Count / Querier.CountedSeconds, lost);
    }
}
