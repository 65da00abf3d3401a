using Berth.Build.Dockerfile;
using Berth.Build.Dockerfile.Lint;

namespace Berth.Build.Tests.Dockerfile.Lint;

public sealed class LintOptionsTests
{
    private const string Two = "FROM a AS B\nMAINTAINER x\n";

    [Theory]
    [InlineData("", "StageNameCasing,MaintainerDeprecated")]
    [InlineData("# check=skip=MaintainerDeprecated\n", "StageNameCasing")]
    [InlineData("# check=skip=MaintainerDeprecated,StageNameCasing\n", "")]
    [InlineData("# check=skip=all\n", "")]
    [InlineData("# check=skip=Other;error=false\n", "StageNameCasing,MaintainerDeprecated")]
    public void RulesAreSkipped(string directive, string names) =>
        Assert.Equal(names, string.Join(',', LintRuleTests.Check(directive + Two).Warnings.Select(w => w.Rule.Name)));

    [Fact]
    public void ACommentSilencesOneInstruction() => Assert.Equal(
        ["MaintainerDeprecated: Maintainer instruction is deprecated in favor of using label (line 4)"],
        LintRuleTests.Check("FROM a\n# check=skip=MaintainerDeprecated\nMAINTAINER x\nMAINTAINER y\n").Warnings.Select(w => w.ToString()));

    [Fact]
    public void AWrongCommentIsAComment() => Assert.Single(LintRuleTests.Check("FROM a\n# check=nonsense\nMAINTAINER x\n").Warnings);

    [Fact]
    public void WarningsFailWhereAskedFor()
    {
        Assert.Equal("lint violation found for rules: MaintainerDeprecated, StageNameCasing", LintRuleTests.Check("# check=error=true\n" + Two).Violation);
        Assert.Null(LintRuleTests.Check(Two).Violation);
        Assert.Null(LintRuleTests.Check("# check=skip=all;error=true\n" + Two).Violation);
    }

    [Fact]
    public void TheBuildArgumentCountsBeforeTheFile()
    {
        var inputs = LintRuleTests.Inputs with { Arguments = new Dictionary<string, string> { ["BUILDKIT_DOCKERFILE_CHECK"] = "skip=StageNameCasing" } };
        LintReport report = Linter.Check(new LintSubject(LintRuleTests.Parse("# check=skip=all\n" + Two), inputs));
        Assert.Equal(["MaintainerDeprecated"], report.Warnings.Select(w => w.Rule.Name));
    }

    [Theory]
    [InlineData("skip", "invalid check option \"skip\"")]
    [InlineData("foo=bar", "invalid check option \"foo\"")]
    [InlineData("error=maybe", "failed to parse check option \"error=maybe\"")]
    public void WrongOptionsAreRefused(string text, string reason)
    {
        Assert.Equal(reason, Assert.Throws<DockerfileException>(() => LintOptions.Parse(text)).Reason);
        var e = Assert.Throws<DockerfileException>(() => LintRuleTests.Check("# syntax=x\n# check=" + text + "\nFROM a\n"));
        Assert.Equal($"dockerfile parse error on line 2: {reason}", e.Message);
    }
}
