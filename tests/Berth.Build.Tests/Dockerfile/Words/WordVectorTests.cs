using Berth.Build.Dockerfile;
using Berth.Build.Dockerfile.Words;

namespace Berth.Build.Tests.Dockerfile.Words;

public sealed class WordVectorTests
{
    private static readonly WordExpander Expander = new('\\');

    [Fact]
    public void ExpansionsGiveWhatBuildKitGives()
    {
        BuildVariables variables = BuildVariables.FromList(["PWD=/home", "SHELL=bash", "KOREAN=한국어", "NULL="]);
        string[][] lines = [.. Vectors.Lines("expand.txt")];
        Assert.Equal(228, lines.Length);
        Assert.All(lines, line => Assert.Equal(line[1], Expand(line[0], variables)?.Text.Trim() ?? "error"));
    }

    [Theory]
    [InlineData(WordOptions.None)]
    public void WordsAreSplitWhereBuildKitSplitsThem(WordOptions options)
    {
        BuildVariables variables = BuildVariables.Empty;
        int count = 0;
        foreach (string[] line in Vectors.Lines("split.txt"))
        {
            if (line[0] == "ENV")
            {
                int equals = line[1].IndexOf('=', StringComparison.Ordinal);
                variables = variables.With(line[1][..equals], line[1][(equals + 1)..]);
                continue;
            }

            count++;
            Assert.Equal(line[1..], Split(line[0], variables, options));
        }

        Assert.Equal(24, count);
    }

    [Fact]
    public void NamesAreCountedAsBuildKitCountsThem()
    {
        foreach (string[] line in Vectors.Lines("matches.txt"))
        {
            BuildVariables variables = BuildVariables.FromList(line[1].Split(';', StringSplitOptions.RemoveEmptyEntries));
            Expansion? expansion = Expand(line[0], variables);
            Assert.Equal(line[2], expansion is null ? "error" : "=" + expansion.Text);
            if (expansion is not null)
            {
                Assert.Equal(Names(line[3]), expansion.Matched.Order());
                Assert.Equal(Names(line[4]), expansion.Unmatched.Order());
            }
        }
    }

    private static IEnumerable<string> Names(string list) => list.Split(',', StringSplitOptions.RemoveEmptyEntries).Order();

    private static Expansion? Expand(string text, BuildVariables variables)
    {
        try
        {
            return Expander.Expand(text, variables);
        }
        catch (DockerfileException)
        {
            return null;
        }
    }

    private static IReadOnlyList<string> Split(string text, BuildVariables variables, WordOptions options)
    {
        try
        {
            return new WordExpander('\\', options).Split(text, variables);
        }
        catch (DockerfileException)
        {
            return ["error"];
        }
    }
}
