using System.Text;
using System.Text.Json;

using Berth.Cli.Json;
using Berth.Cli.Templates;

namespace Berth.Cli.Tests.Templates;

/// <summary>The template engine against what Go's text/template answers.</summary>
public sealed class TemplateTests
{
    public static IEnumerable<TheoryDataRow<string>> Vectors() =>
        VectorFile.Read("templates.json").GetProperty("vectors").EnumerateArray().Select((v, i) => new TheoryDataRow<string>($"{i}: {v.GetProperty("template").GetString()}"));

    [Theory]
    [MemberData(nameof(Vectors))]
    public void AnswersAsGo(string name)
    {
        JsonElement file = VectorFile.Read("templates.json");
        JsonElement vector = file.GetProperty("vectors")[int.Parse(name[..name.IndexOf(':', StringComparison.Ordinal)], System.Globalization.CultureInfo.InvariantCulture)];
        object? data = JsonParser.Parse(Encoding.UTF8.GetBytes(file.GetProperty("data").GetRawText()));
        string actual;
        try
        {
            actual = Template.Parse(vector.GetProperty("template").GetString()!).Fill(data);
        }
        catch (TemplateException e)
        {
            actual = $"error: {e.Message}";
        }

        string expected = vector.TryGetProperty("error", out JsonElement error) ? $"error: {error.GetString()}"
            : vector.TryGetProperty("output", out JsonElement output) ? output.GetString()! : "";
        Assert.Equal(expected, actual);
    }
}
