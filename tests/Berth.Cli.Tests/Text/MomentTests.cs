using Berth.Cli.Text;

namespace Berth.Cli.Tests.Text;

/// <summary>What --since and --until take, as the Unix time the API takes.</summary>
public sealed class MomentTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 24, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("2026-11-24T10:25:35.468610903Z", "1795515935.468610903")]
    [InlineData("2026-11-24T10:25:35.468610903+00:00", "1795515935.468610903")]
    [InlineData("2026-11-24T12:25:35.5+02:00", "1795515935.500000000")]
    [InlineData("2026-11-24T10:25:35Z", "1795515935.000000000")]
    [InlineData("2026-11-24T10:25Z", "1795515900.000000000")]
    [InlineData("1795515935.468610903", "1795515935.468610903")]
    [InlineData("1795515935", "1795515935")]
    [InlineData("90m", "1795516200.000000000")]
    [InlineData("2026-11-24T10:25:35.4686109031Z", null)]
    [InlineData("yesterday", null)]
    [InlineData("1.5.2026", null)]
    public void IsRead(string text, string? unix) => Assert.Equal(unix, GoTime.ToUnix(text, Now));
}
