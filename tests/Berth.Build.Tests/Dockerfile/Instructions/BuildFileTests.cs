using Berth.Build.Dockerfile;
using Berth.Build.Dockerfile.Instructions;

namespace Berth.Build.Tests.Dockerfile.Instructions;

public sealed class BuildFileTests
{
    [Fact]
    public void StagesBeginAtFrom()
    {
        BuildFile file = Parse("ARG a=1\nARG b\nFROM x AS one\nRUN a\nRUN b\nFROM one\nFROM y AS Two\nARG c\n");
        Assert.Equal(["a", "b"], file.GlobalArguments.SelectMany(g => g.Arguments).Select(a => a.Name));
        Assert.Equal(["one:2", "stage-1:0", "two:1"], file.Stages.Select(s => $"{s.DisplayName}:{s.Instructions.Count}"));
    }

    [Fact]
    public void AStageIsFoundByNameAndNumber()
    {
        BuildFile file = Parse("FROM x AS one\nFROM y\nFROM z AS one\n");
        Assert.Equal(2, file.FindStage("ONE")!.Index);
        Assert.Equal(0, file.FindStage("one", before: 2)!.Index);
        Assert.Equal(1, file.FindStage("1")!.Index);
        Assert.Null(file.FindStage("3"));
        Assert.Null(file.FindStage("-1"));
        Assert.Null(file.FindStage("two"));
        Assert.Equal(2, file.Target(null).Index);
        Assert.Equal(1, file.Target("1").Index);
    }

    [Fact]
    public void AMissingTargetHasASuggestion() => Assert.Equal(
        "target stage \"buidl\" could not be found (did you mean build?)",
        Assert.Throws<DockerfileException>(() => Parse("FROM x AS build\nFROM y AS final\n").Target("buidl")).Message);

    [Theory]
    [InlineData("RUN a\n", "dockerfile parse error on line 1: no build stage in current context: only ARG may stand above the first FROM")]
    [InlineData("ARG a\n", "dockerfile parse error on line 1: dockerfile contains no stages to build")]
    public void OnlyArgStandsAboveTheFirstFrom(string text, string message) => Assert.Equal(message, Assert.Throws<DockerfileException>(() => Parse(text)).Message);

    [Fact]
    public void AnErrorShowsTheSourceAround()
    {
        var e = Assert.Throws<DockerfileException>(() => Parse("FROM a\r\n\nRUN x\nRNU y\nRUN z\n\nRUN q\n"));
        Assert.Equal(
            """
            Dockerfile:4
            --------------------
               2 |     
               3 |     RUN x
               4 | >>> RNU y
               5 |     RUN z
               6 |     
            --------------------

            """,
            e.Excerpt);
    }

    [Fact]
    public void AnErrorOfSeveralLinesMarksAll()
    {
        var e = Assert.Throws<DockerfileException>(() => Parse("FROM a\nCOPY \\\n  x\n"));
        Assert.Equal("Dockerfile:2\n--------------------\n   1 |     FROM a\n   2 | >>> COPY \\\n   3 | >>>   x\n--------------------\n", e.Excerpt);
    }

    [Theory]
    [InlineData("RUN a\nRUN b", "onbuild trigger should be a single expression")]
    [InlineData("FROM a", "FROM isn't allowed as an ONBUILD trigger")]
    [InlineData("ONBUILD RUN a", "ONBUILD isn't allowed as an ONBUILD trigger")]
    public void ATriggerIsOneInstruction(string text, string reason) =>
        Assert.Equal(reason, Assert.Throws<DockerfileException>(() => BuildFile.ParseTrigger(text)).Reason);

    internal static BuildFile Parse(string text) => BuildFile.Parse(SourceFile.FromText("Dockerfile", text));
}
