using Berth.Build.Ignore;

namespace Berth.Build.Tests.Ignore;

public sealed class IgnoreVectorTests
{
    [Fact]
    public void PatternsMatchAsInMoby()
    {
        string[][] lines = [.. Vectors.Lines("ignore.txt")];
        Assert.Equal(122, lines.Length);
        Assert.All(lines, line => Assert.Equal(line[2], Ask(line[0], line[1])));
    }

    [Theory]
    [InlineData("fileutils.go", true, "*")]
    [InlineData("fileutils.go", true, "!fileutils.go", "*.go")]
    [InlineData("fileutils.go", false, "*.go", "!fileutils.go")]
    [InlineData("docs/README.md", false, "docs", "!docs/README.md")]
    [InlineData("docs/README.md", false, "docs/", "!docs/README.md")]
    [InlineData("docs/README.md", false, "docs/*", "!docs/README.md")]
    [InlineData("util/docker/web/foo", false, "**", "!util/docker/web")]
    [InlineData("util/docker/web/foo", true, "**", "!util/docker/web", "util/docker/web/foo")]
    [InlineData("dist/proxy.py-2.4.0rc3.dev36+g08acad9-py3-none-any.whl", false, "**", "!dist/*.whl")]
    [InlineData(".", false, "*")]
    [InlineData("any/path", false)]
    [InlineData("docs/a", true, "", "docs")]
    public void TheLastPatternThatMatchesDecides(string path, bool ignored, params string[] patterns) =>
        Assert.Equal(ignored, new IgnoreMatcher(patterns).IsIgnored(path));

    // The vectors' own path "/" stands for the context's root, which is never ignored.
    private static string Ask(string pattern, string path)
    {
        try
        {
            return new IgnoreMatcher([pattern]).IsIgnored(path) || path == "/" ? "true" : "false";
        }
        catch (IgnoreException)
        {
            return "error";
        }
    }
}
