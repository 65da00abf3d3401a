using Berth.Linux.Memory;

namespace Berth.Linux.Tests.Memory;

public sealed class ProgramPagesTests
{
    /// <summary>The program goes on: what it needs is read again, and what was written to is never among it.</summary>
    [Fact]
    public void TheProgramRunsOnWithoutThem()
    {
        long[] given = [.. Enumerable.Range(0, 20).Select(static _ => ProgramPages.GiveBack())];
        Assert.All(given, g => Assert.InRange(g, 4096, new FileInfo(Environment.ProcessPath!).Length + 16384));
    }
}
