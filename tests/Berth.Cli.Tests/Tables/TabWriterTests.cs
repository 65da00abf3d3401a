using Berth.Cli.Tables;

namespace Berth.Cli.Tests.Tables;

public sealed class TabWriterTests
{
    /// <summary>Against Go's text/tabwriter.</summary>
    [Fact]
    public void AlignsAsGo() => Assert.All(VectorFile.Read("tabs.json").EnumerateArray(), vector =>
    {
        var writer = new TabWriter(vector.GetProperty("min").GetInt32(), vector.GetProperty("padding").GetInt32());
        writer.Add(vector.GetProperty("input").GetString()!);
        Assert.Equal(vector.GetProperty("output").GetString(), writer.ToString());
    });
}
