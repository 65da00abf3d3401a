using Berth.Api;
using Berth.Engine.Processes;
using Berth.Storage;

namespace Berth.Engine.Tests.Processes;

public sealed class ProcessListTests
{
    [Fact]
    public void TheDefaultIsPsEf()
    {
        ContainerTopResponse list = ProcessList.Of([Environment.ProcessId, 1], ProcessColumns.Parse("-ef"));
        Assert.Equal(["UID", "PID", "PPID", "C", "STIME", "TTY", "TIME", "CMD"], list.Titles);
        Assert.Equal(2, list.Processes!.Count);
        Assert.Equal("root", list.Processes[0][0]);
        Assert.Equal("1", list.Processes[0][1]);
        Assert.Contains("Berth.Engine.Tests", list.Processes[1][7], StringComparison.Ordinal);
    }

    [Fact]
    public void OtherFormats()
    {
        Assert.Equal(["USER", "PID", "%CPU", "%MEM", "VSZ", "RSS", "TT", "STAT", "START", "TIME", "COMMAND"], Titles("aux"));
        Assert.Equal(["PID", "COMMAND", "ID"], Titles("-eo pid,comm,pid=ID"));
        Assert.Equal(["PID", "COMMAND"], Titles("-o pid -o args"));
    }

    [Theory]
    [InlineData("-o comm", "Couldn't find PID field in ps output")]
    [InlineData("-o pid,nope", "unknown user-defined format specifier \"nope\"")]
    [InlineData("-o pid,comm=PID", "is not allowed")]
    [InlineData("--forest", "ps argument \"--forest\" is not supported")]
    [InlineData("-o", "improper list")]
    public void OthersAreRefusedByName(string arguments, string message) =>
        Assert.Contains(message, Assert.Throws<EngineException>(() => ProcessColumns.Parse(arguments)).Message, StringComparison.Ordinal);

    [Fact]
    public void AProcessThatEndedIsLeftOut() => Assert.Empty(ProcessList.Of([int.MaxValue], ProcessColumns.Parse("-ef")).Processes!);

    [Fact]
    public void TimesReadAsPss()
    {
        Assert.Equal("00:01:05", ProcessText.CpuTime(TimeSpan.FromSeconds(65)));
        Assert.Equal("1-00:00:00", ProcessText.CpuTime(TimeSpan.FromDays(1)));
        Assert.Equal("61:05", ProcessText.ShortCpuTime(TimeSpan.FromSeconds(3665)));
        Assert.Equal("01:05", ProcessText.Elapsed(TimeSpan.FromSeconds(65)));
        Assert.Equal("2-01:00:05", ProcessText.Elapsed(new TimeSpan(2, 1, 0, 5)));
    }

    private static IEnumerable<string> Titles(string arguments) => ProcessColumns.Parse(arguments).Columns.Select(c => c.Title);
}
