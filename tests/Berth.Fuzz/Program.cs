using System.Diagnostics;
using System.Globalization;

using Berth.Fuzz;

// usage: TARGET [--for 10m|30s|1h] [--count N] [--seed N]     targets: tar json reference
// Without --for and --count it goes on until it is stopped, or until something does not hold.
TimeSpan? time = null;
long? count = null;
int seed = Random.Shared.Next();
for (int i = 1; i + 1 < args.Length; i += 2)
{
    string value = args[i + 1];
    switch (args[i])
    {
        case "--for": time = Time(value); break;
        case "--count": count = long.Parse(value, CultureInfo.InvariantCulture); break;
        case "--seed": seed = int.Parse(value, CultureInfo.InvariantCulture); break;
        default: return Usage();
    }
}

if (args.Length % 2 == 0 || !FuzzRun.Names.Contains(args[0]))
{
    return Usage();
}

Console.WriteLine($"{args[0]} from seed {seed}");
long start = Stopwatch.GetTimestamp();
try
{
    long done = FuzzRun.Run(args[0], seed, n => (count is null || n < count) && (time is null || Stopwatch.GetElapsedTime(start) < time));
    Console.WriteLine($"{done} inputs in {Stopwatch.GetElapsedTime(start).TotalSeconds:0} s: all holds");
    return 0;
}
catch (FuzzFailure e)
{
    Console.Error.WriteLine(e);
    return 1;
}

static int Usage()
{
    Console.Error.WriteLine($"usage: tests/fuzz {string.Join('|', FuzzRun.Names)} [--for 10m] [--count N] [--seed N]");
    return 2;
}

static TimeSpan Time(string text) => double.Parse(text[..^1], CultureInfo.InvariantCulture) * (text[^1] switch
{
    's' => TimeSpan.FromSeconds(1),
    'm' => TimeSpan.FromMinutes(1),
    'h' => TimeSpan.FromHours(1),
    _ => throw new FormatException($"{text} is no time: 30s, 10m, 1h"),
});
