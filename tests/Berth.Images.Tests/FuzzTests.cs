using System.Diagnostics;

using Berth.Fuzz;

namespace Berth.Images.Tests;

/// <summary>A moment of tests/fuzz, from another seed each time; a failure names the seed that does it again.</summary>
public sealed class FuzzTests
{
    private static readonly TimeSpan Moment = TimeSpan.FromSeconds(4);

    public static TheoryData<string> Targets => [.. FuzzRun.Names];

    [Theory]
    [MemberData(nameof(Targets))]
    public void NothingBreaks(string target)
    {
        long start = Stopwatch.GetTimestamp();
        long done = FuzzRun.Run(target, Random.Shared.Next(), n => n == 0 || Stopwatch.GetElapsedTime(start) < Moment);
        TestContext.Current.TestOutputHelper?.WriteLine($"{target}: {done} inputs");
    }
}
