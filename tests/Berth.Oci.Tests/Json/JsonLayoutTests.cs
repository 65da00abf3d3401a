using System.Text.Json;

using Berth.Oci.Json;

using CsCheck;

namespace Berth.Oci.Tests.Json;

public sealed class JsonLayoutTests
{
    [Theory]
    [InlineData("{}", "{}", "{}")]
    [InlineData(" { } ", "{}", "{}")]
    [InlineData("[ ]", "[]", "[]")]
    [InlineData("{\"a\":[]}", "{\"a\":[]}", "{\n\t\"a\": []\n}")]
    [InlineData("{\"a\": 1.50e3,\n \"b\" : [true,null ]}", "{\"a\":1.50e3,\"b\":[true,null]}", "{\n\t\"a\": 1.50e3,\n\t\"b\": [\n\t\ttrue,\n\t\tnull\n\t]\n}")]
    [InlineData("[{},{\"x\":{}}]", "[{},{\"x\":{}}]", "[\n\t{},\n\t{\n\t\t\"x\": {}\n\t}\n]")]
    [InlineData("[\"{ [ , : \\\" \\\\\"]", "[\"{ [ , : \\\" \\\\\"]", "[\n\t\"{ [ , : \\\" \\\\\"\n]")]
    [InlineData("\"<a>&\\/\\u003c\"", "\"\\u003ca\\u003e\\u0026\\/\\u003c\"", "\"<a>&\\/\\u003c\"")]
    public void IsLaidOutAsByGo(string json, string compact, string indented)
    {
        Assert.Equal(compact, JsonLayout.Compact(json));
        Assert.Equal(indented, JsonLayout.Indent(json, "\t"));
        Assert.Equal(indented, JsonLayout.Indent(indented, "\t"));
    }

    /// <summary>Whatever the strings hold: the values stay, and no layout depends on an earlier one.</summary>
    [Fact]
    public void ChangesNoValue() => Gen.Dictionary(Gen.String, Gen.String.List).Sample(value =>
    {
        string json = JsonSerializer.Serialize(value, Relaxed);
        string compact = JsonLayout.Compact(json), indented = JsonLayout.Indent(json, "  ");
        Assert.Equal(json, JsonSerializer.Serialize(JsonSerializer.Deserialize<Dictionary<string, List<string>>>(compact), Relaxed));
        Assert.Equal(json, JsonSerializer.Serialize(JsonSerializer.Deserialize<Dictionary<string, List<string>>>(indented), Relaxed));
        Assert.Equal(compact, JsonLayout.Compact(indented));
        Assert.DoesNotContain('<', compact);
    });

    private static readonly JsonSerializerOptions Relaxed = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
}
