using System.Diagnostics;

using Berth.Fuzz.Targets;

namespace Berth.Fuzz;

/// <summary>Tries a target with one input a seed, the seeds in a row.</summary>
internal static class FuzzRun
{
    /// <summary>What one input may take. Far above what any takes: it finds what does not end, or grows without measure.</summary>
    private static readonly TimeSpan LongestTry = TimeSpan.FromSeconds(20);

    private const long MostAllocated = 256L << 20;

    public static readonly IReadOnlyList<string> Names = ["tar", "json", "reference"];

    public static IFuzzTarget Open(string name) => name switch
    {
        "tar" => new TarTarget(),
        "json" => new JsonTarget(),
        "reference" => new ReferenceTarget(),
        _ => throw new ArgumentException($"there is no target {name}: {string.Join(", ", Names)}"),
    };

    /// <returns>How many inputs were tried.</returns>
    /// <param name="name">The target.</param>
    /// <param name="seed">Of the first input.</param>
    /// <param name="goesOn">Asked before each.</param>
    /// <exception cref="FuzzFailure">With the seed that does it again.</exception>
    public static long Run(string name, int seed, Func<long, bool> goesOn)
    {
        var run = new Worker(Open(name), seed, goesOn);
        var thread = new Thread(run.Work) { IsBackground = true, Name = $"fuzz {name}" };
        thread.Start();
        while (!thread.Join(LongestTry / 10))
        {
            // It may wait in the kernel, where nothing ends it: the thread is left behind.
            if (run.Taken > LongestTry)
            {
                throw new FuzzFailure($"{name}, seed {run.Seed} (tests/fuzz {name} --seed {run.Seed} --count 1): still not done after {LongestTry.TotalSeconds:0} s");
            }
        }

        return run.Failure is null ? run.Done : throw run.Failure;
    }

    private sealed class Worker(IFuzzTarget target, int seed, Func<long, bool> goesOn)
    {
        private long _start = Stopwatch.GetTimestamp();

        public long Done { get; private set; }

        public int Seed => unchecked(seed + (int)Done);

        public TimeSpan Taken => Stopwatch.GetElapsedTime(Volatile.Read(ref _start));

        public FuzzFailure? Failure { get; private set; }

        public void Work()
        {
            try
            {
                for (; goesOn(Done); Done++)
                {
                    long allocated = GC.GetAllocatedBytesForCurrentThread();
                    Volatile.Write(ref _start, Stopwatch.GetTimestamp());
                    target.Try(new Random(Seed));
                    allocated = GC.GetAllocatedBytesForCurrentThread() - allocated;
                    if (allocated > MostAllocated)
                    {
                        throw new FuzzFailure($"it took {allocated >> 20} MiB of memory");
                    }
                }

                target.Dispose();
            }
            catch (Exception e)
            {
                Failure = new FuzzFailure($"{target.Name}, seed {Seed} (tests/fuzz {target.Name} --seed {Seed} --count 1): {e.Message}", e);
            }
        }
    }
}
