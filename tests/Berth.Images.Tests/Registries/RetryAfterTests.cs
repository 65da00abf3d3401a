using System.Globalization;
using System.Net;

using Berth.Images.Registries.Http;

using CsCheck;

namespace Berth.Images.Tests.Registries;

public sealed class RetryAfterTests
{
    private static readonly DateTimeOffset Now = new(2026, 2, 3, 4, 5, 6, TimeSpan.Zero);

    [Theory]
    [InlineData("0", 0)]
    [InlineData(" 120 ", 120)]
    [InlineData("Tue, 03 Feb 2026 04:06:06 GMT", 60)]
    [InlineData("Tuesday, 03-Feb-26 04:06:06 GMT", 60)]
    [InlineData("Tue Feb  3 04:06:06 2026", 60)]
    [InlineData("Tue, 03 Feb 2026 04:05:00 GMT", 0)]
    public void SecondsAndDatesAreRead(string text, int seconds) => Assert.Equal(TimeSpan.FromSeconds(seconds), RetryAfter.Parse(text, Now));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("-5")]
    [InlineData("soon")]
    [InlineData("1.5")]
    public void AnythingElseIsNothing(string? text) => Assert.Null(RetryAfter.Parse(text, Now));

    [Fact]
    public void ManyDigitsAreAVeryLongTime() => Assert.True(RetryAfter.Parse("99999999999999999999", Now) > TimeSpan.FromDays(1000));

    [Fact]
    public void EveryDateIsReadAsItsDistance() => Gen.Int[0, 1_000_000].Sample(seconds =>
        RetryAfter.Parse((Now + TimeSpan.FromSeconds(seconds)).ToString("R", CultureInfo.InvariantCulture), Now) == TimeSpan.FromSeconds(seconds));

    [Fact]
    public void PausesGrowAndHaveAnEnd() => Gen.Select(Gen.Int[1, 20], Gen.Double[0, 1]).Sample((failed, chance) =>
    {
        var policy = new RetryPolicy { Attempts = 8, First = TimeSpan.FromMilliseconds(100), Longest = TimeSpan.FromSeconds(3) };
        TimeSpan? pause = policy.Pause(failed, null, chance);
        double whole = Math.Min(100 * Math.Pow(2, failed - 1), 3000);
        return failed >= 8 ? pause is null : pause!.Value.TotalMilliseconds >= (whole / 2) - 0.1 && pause.Value.TotalMilliseconds <= whole + 0.1;
    });

    [Fact]
    public void TheServersWishIsHeardWithinLimits()
    {
        var policy = new RetryPolicy();
        Assert.Equal(TimeSpan.FromSeconds(20), policy.Pause(1, TimeSpan.FromSeconds(20), 0.5));
        Assert.Equal(policy.LongestRetryAfter, policy.Pause(1, policy.LongestRetryAfter, 0.5));
        Assert.Null(policy.Pause(1, policy.LongestRetryAfter + TimeSpan.FromSeconds(1), 0.5));
        Assert.True(policy.Pause(1, TimeSpan.Zero, 0.5) > TimeSpan.Zero);
    }

    [Theory]
    [InlineData(429, true)]
    [InlineData(500, true)]
    [InlineData(502, true)]
    [InlineData(503, true)]
    [InlineData(504, true)]
    [InlineData(501, false)]
    [InlineData(404, false)]
    [InlineData(401, false)]
    [InlineData(200, false)]
    public void SomeFailuresPass(int status, bool passes) => Assert.Equal(passes, RetryPolicy.IsPassing((HttpStatusCode)status));
}
