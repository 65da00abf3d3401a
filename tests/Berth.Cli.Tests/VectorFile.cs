using System.Text.Json;

namespace Berth.Cli.Tests;

/// <summary>Reads the files in Vectors/.</summary>
internal static class VectorFile
{
    public static JsonElement Read(string name)
    {
        using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Vectors", name)));
        return document.RootElement.Clone();
    }
}
