using Berth.Build.Dockerfile;
using Berth.Build.Dockerfile.Instructions;
using Berth.Build.Dockerfile.Lint;
using Berth.Build.Ignore;
using Berth.Oci.Images;

namespace Berth.Build.Tests.Dockerfile.Lint;

/// <summary>Each rule where it speaks and where it is silent; the messages are BuildKit's.</summary>
public sealed class LintRuleTests
{
    // Rule, Dockerfile, messages with their lines (none: the rule is silent).
    public static TheoryData<string, string, string[]> Cases => new()
    {
        { "ConsistentInstructionCasing", "FROM a\nRUN b\nrun c\nUser d\n", ["3 Command 'run' should match the case of the command majority (uppercase)", "4 Command 'User' should match the case of the command majority (uppercase)"] },
        { "ConsistentInstructionCasing", "from a\nrun b\nUSER d\n", ["3 Command 'USER' should match the case of the command majority (lowercase)"] },
        { "ConsistentInstructionCasing", "from a\nrun b\n", [] },
        { "CopyIgnoredFile", "FROM a\nCOPY ./secret/key b /x/\nADD secret /x\n", ["2 Attempting to Copy file \"secret/key\" that is excluded by .dockerignore", "3 Attempting to Add file \"secret\" that is excluded by .dockerignore"] },
        { "CopyIgnoredFile", "FROM a\nCOPY --from=b secret /x\nCOPY . /x\nADD https://x/secret /x\nCOPY <<secret /x\nsecret\n", [] },
        { "DuplicateStageName", "FROM a AS b\nFROM c AS B\n", ["2 Duplicate stage name \"b\", stage names should be unique"] },
        { "DuplicateStageName", "FROM a AS b\nFROM a\nFROM a\n", [] },
        { "ExposeInvalidFormat", "FROM a\nEXPOSE 127.0.0.1:80:80 8080:80 80\n", ["2 EXPOSE instruction should not define an IP address or host-port mapping, found '127.0.0.1:80:80'", "2 EXPOSE instruction should not define an IP address or host-port mapping, found '8080:80'"] },
        { "ExposeInvalidFormat", "FROM a\nEXPOSE 80 81-82/udp\n", [] },
        { "ExposeProtoCasing", "FROM a\nEXPOSE 80/TcP 81/udp\n", ["2 Defined protocol '80/TcP' in EXPOSE instruction should be lowercase"] },
        { "ExposeProtoCasing", "FROM a\nEXPOSE 80/tcp 80\n", [] },
        { "FromAsCasing", "FROM a as b\nfrom c AS d\n", ["1 'as' and 'FROM' keywords' casing do not match", "2 'AS' and 'from' keywords' casing do not match"] },
        { "FromAsCasing", "FROM a AS b\nfrom c as d\nFrom e As f\n", [] },
        { "FromPlatformFlagConstDisallowed", "FROM --platform=linux/amd64 a\n", ["1 FROM --platform flag should not use constant value \"linux/amd64\""] },
        { "FromPlatformFlagConstDisallowed", "FROM --platform=linux/amd64 a AS build-amd64\nFROM --platform=$BUILDPLATFORM a\n", [] },
        { "InvalidBaseImagePlatform", "FROM wrong\n", ["1 Base image wrong was pulled with platform \"linux/arm64\", expected \"linux/amd64\" for current build"] },
        { "InvalidBaseImagePlatform", "FROM known\nFROM --platform=linux/arm64 wrong\n", [] },
        { "InvalidDefaultArgInFrom", "ARG T\nARG N\nFROM busybox:$T\nFROM $N\n", ["3 Default value for ARG busybox:$T results in empty or invalid base image name", "4 Default value for ARG $N results in empty or invalid base image name"] },
        { "InvalidDefaultArgInFrom", "ARG T=1\nARG N=a\nFROM busybox:${T}\nFROM $N\nFROM busybox:${X:-1}\nFROM scratch\n", [] },
        { "InvalidDefinitionDescription", "# check=experimental=all\n# a word\nFROM a AS b\n# about c\nARG c\n# about d\nARG d e\n", ["3 Comment for FROM should follow the format: `# b <description>`", "5 Comment for ARG should follow the format: `# c <description>`", "7 Comment for ARG should follow the format: `# <arg_key> <description>`"] },
        { "InvalidDefinitionDescription", "# check=experimental=InvalidDefinitionDescription\n# b is a stage\nFROM a AS b\n# far\n\nARG c\n# e too\nARG d e\n# none\nFROM a\n", [] },
        { "InvalidDefinitionDescription", "# not asked for\nFROM a AS b\n", [] },
        { "JSONArgsRecommended", "FROM a\nENTRYPOINT x\nCMD y\n", ["2 JSON arguments recommended for ENTRYPOINT to prevent unintended behavior related to OS signals", "3 JSON arguments recommended for CMD to prevent unintended behavior related to OS signals"] },
        { "JSONArgsRecommended", "FROM a AS b\nSHELL [\"bash\"]\nENTRYPOINT x\nFROM b\nCMD y\nFROM shelled\nCMD y\nFROM a\nCMD [\"y\"]\n", [] },
        { "LegacyKeyValueFormat", "FROM a\nENV b c\nlabel d e\n", ["2 \"ENV key=value\" should be used instead of legacy \"ENV key value\" format", "3 \"label key=value\" should be used instead of legacy \"label key value\" format"] },
        { "LegacyKeyValueFormat", "FROM a\nENV b=c\nLABEL d=e\n", [] },
        { "MaintainerDeprecated", "FROM a\nMAINTAINER b\n", ["2 Maintainer instruction is deprecated in favor of using label"] },
        { "MaintainerDeprecated", "FROM a\nLABEL maintainer=b\n", [] },
        { "MultipleInstructionsDisallowed", "FROM a\nCMD [\"a\"]\nENTRYPOINT [\"a\"]\nCMD [\"b\"]\nHEALTHCHECK NONE\nHEALTHCHECK NONE\nCMD [\"c\"]\n", ["2 Multiple CMD instructions should not be used in the same stage because only the last one will be used", "4 Multiple CMD instructions should not be used in the same stage because only the last one will be used", "5 Multiple HEALTHCHECK instructions should not be used in the same stage because only the last one will be used"] },
        { "MultipleInstructionsDisallowed", "FROM a AS b\nCMD [\"a\"]\nFROM b\nCMD [\"a\"]\nUSER x\nUSER y\n", [] },
        { "NoEmptyContinuation", "FROM a\nRUN b \\\n\n  c\n", ["4 Empty continuation line"] },
        { "NoEmptyContinuation", "FROM a\nRUN b \\\n# d\n  c\n", [] },
        { "RedundantTargetPlatform", "FROM --platform=${TARGETPLATFORM} a\n", ["1 Setting platform to predefined ${TARGETPLATFORM} in FROM is redundant as this is the default behavior"] },
        { "RedundantTargetPlatform", "FROM --platform=$BUILDPLATFORM a\nFROM --platform=$TARGETOS/$TARGETARCH a\nFROM a\n", [] },
        { "ReservedStageName", "FROM a AS scratch\nFROM b AS context\n", ["1 Stage name should not use the same name as reserved stage \"scratch\"", "2 Stage name should not use the same name as reserved stage \"context\""] },
        { "ReservedStageName", "FROM scratch AS scratchy\n", [] },
        { "SecretsUsedInArgOrEnv", "FROM a\nARG API_TOKEN\nENV a=b DB_password=x key=\n", ["2 Do not use ARG or ENV instructions for sensitive data (ARG \"API_TOKEN\")", "3 Do not use ARG or ENV instructions for sensitive data (ENV \"DB_password\")", "3 Do not use ARG or ENV instructions for sensitive data (ENV \"key\")"] },
        { "SecretsUsedInArgOrEnv", "FROM a\nARG PUBLIC_KEY TOKENIZER PASSWORD_FILE KEY_VERSION monkey\nLABEL password=x\n", [] },
        { "StageNameCasing", "FROM a AS Build\n", ["1 Stage name 'Build' should be lowercase"] },
        { "StageNameCasing", "FROM a AS build\n", [] },
        { "UndefinedArgInFrom", "ARG VERSION=1\nFROM a:$VERSON-x\nFROM --platform=$BUILDPLATFROM/x a\n", ["2 FROM argument 'VERSON' is not declared (did you mean VERSION?)", "3 FROM argument 'BUILDPLATFROM' is not declared (did you mean BUILDPLATFORM?)"] },
        { "UndefinedArgInFrom", "ARG V\nFROM --platform=$BUILDPLATFORM a$V:$TARGETARCH\n", [] },
        { "UndefinedVar", "FROM known\nARG V=$NONE\nENV A=$foo B=$V\nCOPY $KNOWM /x\nWORKDIR $unset\n", ["2 Usage of undefined variable '$NONE'", "3 Usage of undefined variable '$foo'", "4 Usage of undefined variable '$KNOWM' (did you mean $KNOWN?)", "5 Usage of undefined variable '$unset'"] },
        { "UndefinedVar", "FROM known AS b\nARG V N\nENV A=$KNOWN$V$N\nFROM b\nWORKDIR /$A$V\nRUN $x\nFROM scratch\nENV P=$PATH\nFROM unknown\nENV Q=$ANYTHING\nEXPOSE ${X:-80}\n", [] },
        { "WorkdirRelativePath", "FROM a AS b\nWORKDIR x/y\nWORKDIR z\n", ["2 Relative workdir \"x/y\" can have unexpected results if the base image changes"] },
        { "WorkdirRelativePath", "FROM a AS b\nWORKDIR /x\nWORKDIR y\nFROM b\nWORKDIR z\nFROM a\nENV D=/d\nWORKDIR $D\n", [] },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void TheRuleSpeaksWhereItShould(string rule, string text, string[] messages)
    {
        LintReport report = Check(text);
        bool fails = messages.Length > 0 && rule is "UndefinedArgInFrom" or "InvalidDefaultArgInFrom";
        Assert.True(fails || report.Failure is null, report.Failure?.Message);
        Assert.Equal(messages, report.Warnings.Where(w => w.Rule.Name == rule).Select(w => $"{w.Lines.First} {w.Message}"));
    }

    [Fact]
    public void ABuildLooksOnlyAtTheStagesItNeeds()
    {
        BuildFile file = Parse("FROM scratch AS a\nWORKDIR x\nFROM scratch\nWORKDIR y\n");
        LintReport report = Linter.Check(new LintSubject(file, Inputs) { Stages = new HashSet<int> { 1 } });
        Assert.Equal([4], report.Warnings.Select(w => w.Lines.First));
    }

    [Fact]
    public void FindingsHaveALimit()
    {
        string line = "ENV a=" + string.Concat(Enumerable.Range(0, 8000).Select(i => $"$x{i}")) + "\n";
        Assert.Equal(Linter.MostFindings, Check("FROM known\n" + line + line).Warnings.Count);
    }

    [Fact]
    public void EachRuleIsTestedBothWays() => Assert.All(LintRules.All, rule =>
    {
        Assert.Contains(Cases, c => c.Data.Item1 == rule.Name && c.Data.Item3.Length > 0);
        Assert.Contains(Cases, c => c.Data.Item1 == rule.Name && c.Data.Item3.Length == 0);
    });

    [Fact]
    public void ThereAreBuildKits21RulesAndTheOneOfThePulledImage()
    {
        Assert.Equal(22, LintRules.All.DistinctBy(r => r.Name).Count());
        Assert.Equal(LintRules.All.Select(r => r.Name).Order(StringComparer.Ordinal), LintRules.All.Select(r => r.Name));
        Assert.Equal("https://docs.docker.com/go/dockerfile/rule/json-args-recommended/", LintRules.JSONArgsRecommended.Url);
        Assert.Equal("https://docs.docker.com/go/dockerfile/rule/secrets-used-in-arg-or-env/", LintRules.SecretsUsedInArgOrEnv.Url);
    }

    [Theory]
    [InlineData("*", ". /x", true)]
    [InlineData("**", "/ /x", true)]
    [InlineData("*\n!a", "b /x", false)]
    public void TheWholeContextIsIgnoredOnlyByStars(string ignore, string arguments, bool speaks)
    {
        var subject = new LintSubject(Parse($"FROM a\nCOPY {arguments}\n"), Inputs) { Ignore = new IgnoreMatcher(IgnoreFile.Read(ignore)) };
        Assert.Equal(speaks, Linter.Check(subject).Warnings.Any(w => w.Rule == LintRules.CopyIgnoredFile));
    }

    [Fact]
    public void AFileThatFailsStillHasItsWarnings()
    {
        LintReport report = Check("FROM a AS B\nMAINTAINER x\nENV A=\"${N:?is missing}\"\nWORKDIR x\n");
        Assert.Equal("failed to process \"\\\"${N:?is missing}\\\"\": N: is missing", Assert.IsType<DockerfileException>(report.Failure).Message);
        Assert.Equal(3, report.Failure.Lines!.Value.First);
        Assert.Equal(["StageNameCasing", "MaintainerDeprecated"], report.Warnings.Select(w => w.Rule.Name));
    }

    internal static LintReport Check(string text) => Linter.Check(new LintSubject(Parse(text), Inputs)
    {
        Ignore = new IgnoreMatcher(["secret"]),
        BaseImages = new Dictionary<string, BaseImageFacts>
        {
            ["known"] = new(Amd64, ["PATH=/bin", "KNOWN=1"]),
            ["shelled"] = new(Amd64, [], ["bash"]),
            ["wrong"] = new(new Platform { Os = "linux", Architecture = "arm64" }, []),
        },
    });

    internal static BuildFile Parse(string text) => BuildFile.Parse(SourceFile.FromText("Dockerfile", text));

    internal static BuildInputs Inputs { get; } = new() { BuildPlatform = Amd64, TargetPlatform = Amd64 };

    private static Platform Amd64 => new() { Os = "linux", Architecture = "amd64" };
}
