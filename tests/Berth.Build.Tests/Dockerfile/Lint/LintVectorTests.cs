using System.Text.Json;

using Berth.Build.Dockerfile;
using Berth.Build.Dockerfile.Instructions;
using Berth.Build.Dockerfile.Lint;
using Berth.Build.Ignore;
using Berth.Oci.Images;

namespace Berth.Build.Tests.Dockerfile.Lint;

/// <summary>The Dockerfiles of BuildKit's own lint tests, with the warnings that it gives for them.</summary>
public sealed class LintVectorTests
{
    private static readonly Platform Amd64 = new() { Os = "linux", Architecture = "amd64" };

    public static TheoryData<int, string> Cases => [.. Vectors.Text("lint.jsonl").Split('\n', StringSplitOptions.RemoveEmptyEntries).Index()];

    [Fact]
    public void TheVectorsAreThere() => Assert.Equal(86, Cases.Count);

    [Theory]
    [MemberData(nameof(Cases))]
    public void WarningsAreBuildKits(int index, string vector)
    {
        Assert.True(index >= 0);
        using var document = JsonDocument.Parse(vector);
        JsonElement root = document.RootElement;
        string[] expected = [.. root.GetProperty("warnings").EnumerateArray().Select(w => $"{w[0]}: {w[1]} (line {w[2]})").Order(StringComparer.Ordinal)];
        BuildFile file;
        try
        {
            file = BuildFile.Parse(SourceFile.FromText("Dockerfile", root.GetProperty("dockerfile").GetString()!));
        }
        catch (DockerfileException e)
        {
            Assert.True(root.GetProperty("fails").GetBoolean(), e.Message);
            return;
        }

        var inputs = new BuildInputs
        {
            BuildPlatform = Amd64,
            TargetPlatform = root.GetProperty("platform").GetString() is string platform ? PlatformSpecifier.Parse(platform, Amd64)! : Amd64,
            Arguments = root.GetProperty("arguments").EnumerateObject().ToDictionary(a => a.Name, a => a.Value.GetString()!),
        };
        string? ignore = root.GetProperty("ignore").GetString();
        LintReport report = Linter.Check(new LintSubject(file, inputs)
        {
            Ignore = ignore is null ? null : new IgnoreMatcher(IgnoreFile.Read(ignore)),
            BaseImages = new[] { "alpine", "busybox", "busybox:latest" }.ToDictionary(n => n, _ => new BaseImageFacts(Amd64, [StageScope.DefaultPath])),
        });
        Assert.Equal(expected, report.Warnings.Select(w => w.ToString()).Order(StringComparer.Ordinal));
    }
}
