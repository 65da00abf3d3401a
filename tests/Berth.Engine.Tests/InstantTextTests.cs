using System.Globalization;

using Berth.Storage;

using CsCheck;

namespace Berth.Engine.Tests;

public sealed class InstantTextTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private static readonly Gen<DateTimeOffset> Instants =
        Gen.Long[DateTimeOffset.MinValue.Ticks, DateTimeOffset.MaxValue.Ticks].Select(ticks => new DateTimeOffset(ticks, TimeSpan.Zero));

    [Theory]
    [InlineData("0", "1970-01-01T00:00:00Z")]
    [InlineData("24", "1970-01-01T00:00:24Z")]
    [InlineData("-1", "1969-12-31T23:59:59Z")]
    [InlineData("1700000000", "2023-11-14T22:13:20Z")]
    [InlineData("1700000000.5", "2023-11-14T22:13:20.5Z")]
    [InlineData("1700000000.", "2023-11-14T22:13:20Z")]
    [InlineData("1700000000.123456789", "2023-11-14T22:13:20.1234567Z")]
    [InlineData("1700000000.000000001", "2023-11-14T22:13:20Z")]
    [InlineData("253402300799.999999999", "9999-12-31T23:59:59.9999999Z")]
    [InlineData("-62135596800", "0001-01-01T00:00:00Z")]
    public void SecondsSince1970(string text, string expected) => Reads(text, expected);

    [Theory]
    [InlineData("2026-01-31", "2026-01-31T00:00:00Z")]
    [InlineData("2026-01-31Z", "2026-01-31T00:00:00Z")]
    [InlineData("2026-01-31+02:00", "2026-01-30T22:00:00Z")]
    [InlineData("2026-01-31T12", "2026-01-31T12:00:00Z")]
    [InlineData("2026-01-31T12:30", "2026-01-31T12:30:00Z")]
    [InlineData("2026-01-31T12:30:15", "2026-01-31T12:30:15Z")]
    [InlineData("2026-01-31T12:30:15Z", "2026-01-31T12:30:15Z")]
    [InlineData("2026-01-31t12:30:15z", "2026-01-31T12:30:15Z")]
    [InlineData("2026-01-31 12:30:15Z", "2026-01-31T12:30:15Z")]
    [InlineData("2026-01-31T12:30:15+02:00", "2026-01-31T10:30:15Z")]
    [InlineData("2026-01-31T12:30:15-23:59", "2026-02-01T12:29:15Z")]
    [InlineData("2026-01-31T12:30:15.123456789Z", "2026-01-31T12:30:15.1234567Z")]
    [InlineData("2024-02-29", "2024-02-29T00:00:00Z")]
    [InlineData("9999-12-31T23:59:59.999999999Z", "9999-12-31T23:59:59.9999999Z")]
    public void TimesOfRfc3339AndTheirBeginnings(string text, string expected) => Reads(text, expected);

    [Theory]
    [InlineData("24h", "2026-02-28T12:00:00Z")]
    [InlineData("1h30m", "2026-03-01T10:30:00Z")]
    [InlineData("1.5h", "2026-03-01T10:30:00Z")]
    [InlineData(".5h", "2026-03-01T11:30:00Z")]
    [InlineData("1.h", "2026-03-01T11:00:00Z")]
    [InlineData("+1h", "2026-03-01T11:00:00Z")]
    [InlineData("-1h", "2026-03-01T13:00:00Z")]
    [InlineData("10m5s", "2026-03-01T11:49:55Z")]
    [InlineData("500ms", "2026-03-01T11:59:59.5Z")]
    [InlineData("1us", "2026-03-01T11:59:59.999999Z")]
    [InlineData("1µs", "2026-03-01T11:59:59.999999Z")]
    [InlineData("1μs", "2026-03-01T11:59:59.999999Z")]
    [InlineData("250ns", "2026-03-01T11:59:59.9999998Z")]
    [InlineData("0s", "2026-03-01T12:00:00Z")]
    public void HowLongAgo(string text, string expected) => Reads(text, expected);

    [Theory]
    [InlineData("")]
    [InlineData("-")]
    [InlineData("h")]
    [InlineData("24x")]
    [InlineData("1h 30m")]
    [InlineData("1h30")]
    [InlineData(".h")]
    [InlineData("--1h")]
    [InlineData("99999999999999h")]
    [InlineData("-99999999999h")]
    [InlineData("99999999999999999999")]
    [InlineData("253402300800")]
    [InlineData("-62135596801")]
    [InlineData("1.2.3")]
    [InlineData("1.-5")]
    [InlineData(".5")]
    [InlineData("x")]
    [InlineData("yesterday")]
    [InlineData("12:00")]
    [InlineData("2026-02-29")]
    [InlineData("2026-13-01")]
    [InlineData("0000-01-01")]
    [InlineData("2026-01-31T24:00:00Z")]
    [InlineData("2026-01-31T12:00:60Z")]
    [InlineData("2026-01-31T12:00:00+2:00")]
    [InlineData("2026-01-31T12:00:00Z\n")]
    [InlineData("0001-01-01T00:00:00+00:01")]
    [InlineData("9999-12-31T23:59:59-00:01")]
    [InlineData("٢٠٢٦-01-31")]
    public void WhatIsNoneIsRefused(string text) => Assert.False(InstantText.TryParse(text, Now, out _));

    [Fact]
    public void ARefusalNamesWhereItStood()
    {
        EngineException refused = Assert.Throws<EngineException>(() => InstantText.Parse("filter 'until=x'", "x", Now));
        Assert.Equal(EngineErrorKind.Invalid, refused.Kind);
        Assert.StartsWith("invalid filter 'until=x': ", refused.Message, StringComparison.Ordinal);
        Assert.Equal(DateTimeOffset.UnixEpoch, InstantText.Parse("", "0", Now));
    }

    [Fact]
    public void WhatIsWrittenAsRfc3339IsReadBack() =>
        Gen.Select(Instants, Gen.Int[-14 * 60, 14 * 60]).Where((instant, minutes) => Fits(instant, TimeSpan.FromMinutes(minutes))).Sample((instant, minutes) =>
            Read(instant.ToOffset(TimeSpan.FromMinutes(minutes)).ToString("yyyy-MM-ddTHH:mm:ss.fffffffzzz", CultureInfo.InvariantCulture)) == instant);

    [Fact]
    public void WhatIsWrittenAsSecondsIsReadBack() => Instants.Sample(instant =>
    {
        (long seconds, long ticks) = Math.DivRem(instant.Ticks - DateTimeOffset.UnixEpoch.Ticks, TimeSpan.TicksPerSecond);
        (seconds, ticks) = ticks < 0 ? (seconds - 1, ticks + TimeSpan.TicksPerSecond) : (seconds, ticks); // the fraction always counts forward
        return Read(string.Create(CultureInfo.InvariantCulture, $"{seconds}.{ticks:D7}")) == instant;
    });

    [Fact]
    public void HowLongAgoIsTheSumOfItsParts() =>
        Gen.Select(Gen.Int[0, 9999], Gen.Int[0, 9999], Gen.Int[0, 9999], Gen.Int[0, 9999], Gen.Bool).Sample((h, m, s, ms, later) =>
        {
            TimeSpan span = TimeSpan.FromHours(h) + TimeSpan.FromMinutes(m) + TimeSpan.FromSeconds(s) + TimeSpan.FromMilliseconds(ms);
            return Read(string.Create(CultureInfo.InvariantCulture, $"{(later ? "-" : "")}{h}h{m}m{s}s{ms}ms")) == (later ? Now + span : Now - span);
        });

    [Fact]
    public void NothingThrows() =>
        Gen.OneOf(Gen.String, Gen.String["0123456789.-+:TZhmsµun "]).Sample(text => InstantText.TryParse(text, Now, out _) || true);

    private static bool Fits(DateTimeOffset instant, TimeSpan offset) =>
        instant.Ticks + offset.Ticks >= DateTimeOffset.MinValue.Ticks && instant.Ticks + offset.Ticks <= DateTimeOffset.MaxValue.Ticks;

    private static void Reads(string text, string expected) => Assert.Equal(DateTimeOffset.Parse(expected, CultureInfo.InvariantCulture), Read(text));

    private static DateTimeOffset Read(string text)
    {
        Assert.True(InstantText.TryParse(text, Now, out DateTimeOffset instant), text);
        Assert.Equal(TimeSpan.Zero, instant.Offset);
        return instant;
    }
}
