using System.Xml.Linq;

namespace Berth.Architecture.Tests;

/// <summary>Keeps the arrows between projects pointing down, as ARCHITECTURE.md draws them.</summary>
public sealed class ProjectArrowsTests
{
    // What each project may name directly. An arrow that is not here is refused, so a new one needs a line and a reason.
    private static readonly Dictionary<string, string[]> Allowed = new()
    {
        ["Berth.Linux"] = [],
        ["Berth.Oci"] = [],
        ["Berth.Api"] = [],
        // Of the language only: what runs the steps will need more.
        ["Berth.Build"] = ["Berth.Oci"],
        ["Berth.Storage"] = ["Berth.Linux", "Berth.Oci"],
        ["Berth.Images"] = ["Berth.Storage"],
        ["Berth.Network"] = ["Berth.Storage"],
        ["Berth.Engine"] = ["Berth.Images", "Berth.Network", "Berth.Api"],
        ["Berth.Daemon"] = ["Berth.Engine"],
        ["Berth.Cli"] = ["Berth.Api", "Berth.Oci", "Berth.Linux"],
        ["Berth.Runtime"] = ["Berth.Oci", "Berth.Linux"],
    };

    [Fact]
    public void ArrowsPointDown()
    {
        foreach ((string project, string[] references) in Projects())
        {
            Assert.True(Allowed.ContainsKey(project), $"{project} is new: say in this test what it may reference");
            Assert.Empty(references.Except(Allowed[project]).Select(r => $"{project} -> {r}"));
        }
    }

    [Fact]
    public void EveryProjectIsThere() => Assert.Equal(Allowed.Keys.Order(), Projects().Select(p => p.Project).Order());

    [Fact]
    public void UnsafeCodeHasAnAddress()
    {
        string[] allowed = ["Berth.Linux", "Berth.Runtime"];
        foreach (string file in Directory.GetFiles(Path.Combine(Checkout.Root, "src"), "*.csproj", SearchOption.AllDirectories))
        {
            if (!allowed.Contains(Path.GetFileNameWithoutExtension(file)))
            {
                Assert.DoesNotContain("AllowUnsafeBlocks", File.ReadAllText(file), StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public void PInvokesLiveInBerthLinux()
    {
        IEnumerable<string> strangers = Checkout.Sources()
            .Where(f => !f.Contains("/src/Berth.Linux/", StringComparison.Ordinal))
            .Where(f => File.ReadAllText(f) is string text && (text.Contains("[DllImport", StringComparison.Ordinal) || text.Contains("[LibraryImport", StringComparison.Ordinal)));
        Assert.Empty(strangers);
    }

    private static IEnumerable<(string Project, string[] References)> Projects() =>
        Directory.GetFiles(Path.Combine(Checkout.Root, "src"), "*.csproj", SearchOption.AllDirectories)
            .Select(file => (Path.GetFileNameWithoutExtension(file), XDocument.Load(file).Descendants("ProjectReference")
                .Select(r => Path.GetFileNameWithoutExtension(((string)r.Attribute("Include")!).Replace('\\', '/'))).ToArray()));
}
