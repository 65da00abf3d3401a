using Berth.Linux.Processes;

namespace Berth.Linux.Tests.Processes;

public sealed class SignalNameTests
{
    [Theory]
    [InlineData("TERM", 15)]
    [InlineData("SIGTERM", 15)]
    [InlineData("sigkill", 9)]
    [InlineData("9", 9)]
    [InlineData("64", 64)]
    [InlineData("SYS", 31)]
    [InlineData("IOT", 6)]
    [InlineData("RTMIN", 34)]
    [InlineData("SIGRTMIN+3", 37)]
    [InlineData("RTMAX-1", 63)]
    public void Known(string text, int number) => Assert.Equal(number, SignalName.Parse(text));

    [Theory]
    [InlineData("")]
    [InlineData("0")]
    [InlineData("65")]
    [InlineData("-9")]
    [InlineData("NOPE")]
    [InlineData("SIG")]
    [InlineData("RTMIN+99")]
    [InlineData("RTMAX+1")]
    public void Unknown(string text) => Assert.Null(SignalName.Parse(text));

    [Fact]
    public void AProcessIsToldFromALaterOneOfItsNumber()
    {
        ProcessStat own = ProcessStat.TryRead(Environment.ProcessId)!.Value;
        Assert.True(own.StartTime > 0);
        Assert.Equal(own.StartTime, ProcessStat.TryRead(Environment.ProcessId)!.Value.StartTime);
        Assert.Null(ProcessStat.TryRead(int.MaxValue));
    }
}
