using Berth.Daemon.Endpoints.Containers;
using Berth.Daemon.Http;
using Berth.Engine.Containers;
using Berth.Storage;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace Berth.Daemon.Tests.Http;

public sealed class QueryTests
{
    [Theory]
    [InlineData("1", true)]
    [InlineData("true", true)]
    [InlineData("True", true)]
    [InlineData("yes", true)]
    [InlineData("0", false)]
    [InlineData("", false)]
    [InlineData("no", false)]
    [InlineData("NONE", false)]
    [InlineData(" false ", false)]
    public void FlagsAreDockers(string text, bool value) => Assert.Equal(value, Of("all", text).Flag("all"));

    [Fact]
    public void AnAbsentFlagIsItsDefault()
    {
        Assert.False(Of("x", "1").Flag("all"));
        Assert.True(Of("x", "1").Flag("all", absent: true));
    }

    [Fact]
    public void NumbersAreRead()
    {
        Assert.Equal(-1, Of("t", "-1").Number("t"));
        Assert.Null(Of("x", "").Number("t"));
        Assert.Equal(EngineErrorKind.Invalid, Assert.Throws<EngineException>(() => Of("t", "ten").Number("t")).Kind);
    }

    [Theory]
    [InlineData("65536")]
    [InlineData("-1")]
    [InlineData("x")]
    [InlineData("")]
    public void NoSizeOfATerminalIsRefused(string text) => Assert.Throws<EngineException>(() => Of("h", text).Cells("h"));

    [Fact]
    public void ZeroIsNoInstant() => Assert.Null(Of("since", "0").Instant("since"));

    [Fact]
    public void AnInstantThatIsNoneIsRefused() => Assert.Throws<EngineException>(() => Of("since", "tomorrow").Instant("since"));

    [Theory]
    [InlineData(null, WaitCondition.NotRunning)]
    [InlineData("not-running", WaitCondition.NotRunning)]
    [InlineData("next-exit", WaitCondition.NextExit)]
    [InlineData("removed", WaitCondition.Removed)]
    public void ConditionsOfWait(string? text, WaitCondition condition) => Assert.Equal(condition, Wait.ConditionOf(text));

    [Fact]
    public void AnUnknownConditionIsRefused() => Assert.Throws<EngineException>(() => Wait.ConditionOf("dead"));

    [Theory]
    [InlineData("all", null)]
    [InlineData(null, null)]
    [InlineData("-1", null)]
    [InlineData("0", 0)]
    [InlineData("10", 10)]
    public void TailOfLogs(string? text, int? lines) => Assert.Equal(lines, Logs.TailOf(text));

    private static Query Of(string key, string value) => new(new QueryCollection(new Dictionary<string, StringValues> { [key] = value }));
}
