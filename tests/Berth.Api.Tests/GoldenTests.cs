using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;

namespace Berth.Api.Tests;

/// <summary>What dockerd 20.10 answers, read into our records and written again: the same keys, in the same order, with the same values.</summary>
public sealed class GoldenTests
{
    [Theory]
    [InlineData("container-inspect")]
    [InlineData("container-inspect-exited")]
    public void AContainer(string name) => Same(name, ApiJson.Wire.ContainerInspectResponse);

    [Fact]
    public void AListOfContainers() => Same("container-list", ApiJson.Wire.IReadOnlyListContainerSummary);

    [Fact]
    public void Processes() => Same("top", ApiJson.Wire.ContainerTopResponse, inOrder: false);

    [Theory]
    [InlineData("stats")]
    [InlineData("stats-idle")]
    public void Usage(string name) => Same(name, ApiJson.Wire.ContainerStatsResponse, inOrder: false);

    [Fact]
    public void AnExec() => Same("exec-inspect", ApiJson.Wire.ExecInspectResponse);

    [Fact]
    public void AListOfImages() => Same("image-list", ApiJson.Wire.IReadOnlyListImageSummary);

    /// <summary>20.10 writes every field of an image's config, also those that are not set.</summary>
    [Fact]
    public void AnImage() => Same("image-inspect", ApiJson.Wire.ImageInspect, except: "Config");

    [Fact]
    public void AListOfVolumes() => Same("volume-list", ApiJson.Wire.VolumeListResponse);

    [Fact]
    public void AVolume() => Same("volume-inspect", ApiJson.Wire.Volume);

    /// <summary>EnableIPv4 came with 1.48.</summary>
    [Fact]
    public void AListOfNetworks() => Same("network-list", ApiJson.Wire.IReadOnlyListNetworkInspect, inOrder: false, added: "EnableIPv4");

    [Fact]
    public void Info() => Same("info", ApiJson.Wire.SystemInfo, inOrder: false);

    [Fact]
    public void Version() => Same("version", ApiJson.Wire.SystemVersion);

    [Fact]
    public void Events()
    {
        foreach (string line in Text("events").Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            EventMessage message = JsonSerializer.Deserialize(line, ApiJson.Wire.EventMessage)!;
            Assert.Equal(line, JsonSerializer.Serialize(message, ApiJson.Wire.EventMessage));
        }
    }

    private static void Same<T>(string name, JsonTypeInfo<T> type, bool inOrder = true, string? except = null, string? added = null)
    {
        JsonNode expected = JsonNode.Parse(Text(name))!;
        T value = JsonSerializer.Deserialize(Text(name), type)!;
        JsonNode actual = JsonNode.Parse(JsonSerializer.Serialize(value, type))!;
        if (except is not null)
        {
            expected.AsObject().Remove(except);
            actual.AsObject().Remove(except);
        }

        foreach (JsonObject item in added is null ? [] : actual.AsArray().Select(static i => i!.AsObject()))
        {
            item.Remove(added!);
        }

        Assert.True(JsonNode.DeepEquals(expected, actual), $"expected {expected.ToJsonString()}\nactual   {actual.ToJsonString()}");
        if (inOrder)
        {
            Assert.Equal(expected.ToJsonString(), actual.ToJsonString());
        }
    }

    private static string Text(string name)
    {
        using var reader = new StreamReader(typeof(GoldenTests).Assembly.GetManifestResourceStream(name)!);
        return reader.ReadToEnd();
    }
}
