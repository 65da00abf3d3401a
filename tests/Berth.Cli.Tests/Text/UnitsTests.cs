using System.Globalization;
using System.Text.Json;

using Berth.Cli.Specs;
using Berth.Cli.Text;

using CsCheck;

namespace Berth.Cli.Tests.Text;

/// <summary>Numbers, sizes and durations against Go's strconv, time and Docker's go-units.</summary>
public sealed class UnitsTests
{
    [Fact]
    public void DurationsForPeople() => Each("humanDuration", text => Units.Duration(TimeSpan.FromSeconds(Int(text))));

    [Fact]
    public void SizesForPeople() => Each("humanSize", text => Units.Size(Real(text)));

    [Fact]
    public void SizesForTables() => Each("humanSize3", text => Units.Size(Real(text), 3));

    [Fact]
    public void SizesInPowersOfTwo() => Each("bytesSize", text => Units.BinarySize(Real(text)));

    [Fact]
    public void SizesAreRead() => Each("ramInBytes", text => Answer(Units.ParseBinarySize(text, out long bytes), bytes));

    [Fact]
    public void DurationsAreRead() => Each("parseDuration", text => Answer(GoDuration.Parse(text, out long span), span));

    [Fact]
    public void DurationsAreWritten() => Each("formatDuration", text => GoDuration.Format(Int(text)));

    [Fact]
    public void NumbersAreRead() => Each("parseInt", text => Answer(GoNumber.ParseInt(text, 64, out long value), value));

    [Fact]
    public void SmallNumbersAreRead() => Each("parseUint16", text => Answer(GoNumber.ParseUint(text, 16, out ulong value), value));

    [Fact]
    public void FractionsAreWritten() => Each("formatFloat", text => GoNumber.Shortest(Real(text)));

    [Fact]
    public void TextIsQuoted() => Each("quote", GoString.Quote);

    [Fact]
    public void Ulimits() => Each("ulimit", text =>
    {
        try
        {
            (string name, long soft, long hard) = LimitSpecs.Ulimit(text);
            return $"{name}={soft}:{hard}";
        }
        catch (SpecException e)
        {
            return $"error: {e.Message}";
        }
    });

    [Fact]
    public void NaturalOrderOfNames() => Each("naturalLess", text => NaturalOrder.Compare(text.Split('|')[0], text.Split('|')[1]) < 0 ? "true" : "false");

    [Fact]
    public void NaturalOrderIsAnOrder() => Gen.Select(Gen.String[Gen.Char["ab01"], 0, 6], Gen.String[Gen.Char["ab01"], 0, 6]).Sample((a, b) =>
        Math.Sign(NaturalOrder.Compare(a, b)) == -Math.Sign(NaturalOrder.Compare(b, a)));

    [Fact]
    public void DurationsReadBack() => Gen.Long[-1_000_000_000_000_000, 1_000_000_000_000_000].Sample(span =>
        GoDuration.Parse(GoDuration.Format(span), out long read) is null && Math.Abs(read - span) <= 1);

    // Where Go reports an error its value does not matter to us.
    private static string Answer(string? error, IFormattable value) => error is null ? value.ToString(null, CultureInfo.InvariantCulture) : $"error: {error}";

    private static long Int(string text) => long.Parse(text, CultureInfo.InvariantCulture);

    private static double Real(string text) => double.Parse(text, CultureInfo.InvariantCulture);

    private static void Each(string set, Func<string, string> answer) => Assert.All(VectorFile.Read("units.json").GetProperty(set).EnumerateArray(), vector =>
    {
        string expected = vector.TryGetProperty("error", out JsonElement error) ? $"error: {error.GetString()}" : vector.GetProperty("out").GetString()!;
        Assert.Equal(expected, answer(vector.GetProperty("in").GetString()!));
    });
}
