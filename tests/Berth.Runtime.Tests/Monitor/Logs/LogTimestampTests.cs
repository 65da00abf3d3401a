using System.Globalization;
using System.Text;

using Berth.Runtime.Monitor.Logs;

using CsCheck;

namespace Berth.Runtime.Tests.Monitor.Logs;

public sealed class LogTimestampTests
{
    [Theory]
    [InlineData(0L, "1970-01-01T00:00:00Z")]
    [InlineData(1_700_000_000_000_000_000L, "2023-11-14T22:13:20Z")]
    [InlineData(1_700_000_000_100_000_000L, "2023-11-14T22:13:20.1Z")]
    [InlineData(1_700_000_000_000_000_001L, "2023-11-14T22:13:20.000000001Z")]
    [InlineData(1_709_164_799_999_999_990L, "2024-02-28T23:59:59.99999999Z")]
    public void PrintsAsGoDoes(long nanoseconds, string expected) => Assert.Equal(expected, Print(new LogTimestamp(), nanoseconds));

    [Fact]
    public void ReadsBackToTheSameTime() =>
        Gen.Long[0, 4_000_000_000_000_000_000].List[1, 5].Sample(static times =>
        {
            var timestamp = new LogTimestamp();
            foreach (long time in times)
            {
                string text = Print(timestamp, time);
                var read = DateTimeOffset.Parse(text.Length > 28 ? text[..27] + "Z" : text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);
                Assert.Equal(time / 100, (read - DateTimeOffset.UnixEpoch).Ticks);
                Assert.True(text.Length <= LogTimestamp.MaxLength);
            }
        });

    private static string Print(LogTimestamp timestamp, long nanoseconds)
    {
        byte[] into = new byte[LogTimestamp.MaxLength];
        return Encoding.ASCII.GetString(into, 0, timestamp.Write(nanoseconds, into));
    }
}
