using Berth.Build.Dockerfile;
using Berth.Build.Dockerfile.Instructions;
using Berth.Oci.Images;

namespace Berth.Build.Tests.Dockerfile.Instructions;

public sealed class ScopeTests
{
    [Fact]
    public void FromSeesGlobalArgumentsAndPlatforms()
    {
        BuildFile file = BuildFileTests.Parse("ARG V=1\nARG W=${V}.2\nARG N\nFROM --platform=$BUILDPLATFORM img:$W-$TARGETARCH$N\n");
        var scope = GlobalScope.Create(file, Inputs());
        ExpandedFrom from = scope.Expand(file.Stages[0].From, new InstructionExpansion(file.Syntax));
        Assert.Equal(("img:1.2-arm64", "linux/amd64"), (from.Base.Text, from.Platform!.ToString()));
        Assert.Equal(["N"], from.Base.Unmatched);
        Assert.Equal(["N", "V", "W"], scope.Declared.Order());
    }

    [Fact]
    public void GivenValuesCountBeforeDefaults()
    {
        BuildFile file = BuildFileTests.Parse("ARG V=1\nARG W=${V}.2\nFROM img:$W\n");
        var scope = GlobalScope.Create(file, Inputs(("V", "9"), ("TARGETARCH", "mips")));
        Assert.Equal(("9", "9.2", "mips"), (scope.Variables["V"], scope.Variables["W"], scope.Variables["TARGETARCH"]));
    }

    [Theory]
    [InlineData("ARG V\nFROM $V\n", 2, "base name ($V) should not be blank (did you mean VV?)")]
    [InlineData("FROM --platform=$P x\n", 1, "empty platform value from expression $P")]
    [InlineData("FROM --platform=$TARGETPLATFOM x\n", 1, "empty platform value from expression $TARGETPLATFOM (did you mean TARGETPLATFORM?)")]
    [InlineData("FROM --platform=x/y/z/q x\n", 1, "failed to parse platform x/y/z/q: \"x/y/z/q\" is no platform, try linux/amd64 or linux/arm64")]
    [InlineData("FROM ${V:?say-which}\n", 1, "failed to process \"${V:?say-which}\": V: say-which")]
    [InlineData("ARG W=${V:?say-which}\nFROM x\n", 1, "failed to process \"${V:?say-which}\": V: say-which")]
    public void AFromThatIsNothingIsRefused(string text, int line, string message)
    {
        BuildFile file = BuildFileTests.Parse(text);
        var e = Assert.Throws<DockerfileException>(() =>
        {
            var scope = GlobalScope.Create(file, Inputs());
            scope = scope with { Variables = message.Contains("VV", StringComparison.Ordinal) ? scope.Variables.With("VV", "") : scope.Variables };
            scope.Expand(file.Stages[0].From, new InstructionExpansion(file.Syntax));
        });
        Assert.Equal((message, line), (e.Message, e.Lines!.Value.First));
    }

    [Theory]
    [InlineData("ARG G=1\nFROM x\nWORKDIR /$G\n", "/")]
    [InlineData("ARG G=1\nFROM x\nARG G\nWORKDIR /$G\n", "/1")]
    [InlineData("ARG G=1\nFROM x\nARG G=2\nWORKDIR /$G\n", "/2")]
    [InlineData("ARG G=1\nFROM x\nARG G=\nWORKDIR /$G\n", "/")]
    [InlineData("FROM x\nWORKDIR /$TARGETARCH\n", "/")]
    [InlineData("FROM x\nARG TARGETARCH\nWORKDIR /$TARGETARCH\n", "/arm64")]
    [InlineData("FROM x\nARG TARGETVARIANT\nWORKDIR /${TARGETVARIANT-unset}\n", "/")]
    [InlineData("FROM x\nARG GIVEN=1\nWORKDIR /$GIVEN\n", "/g")]
    [InlineData("FROM x\nWORKDIR /$GIVEN\n", "/")]
    [InlineData("FROM x\nARG GIVEN\nENV GIVEN=env\nWORKDIR /$GIVEN\n", "/env")]
    [InlineData("FROM x\nENV GIVEN=env-${GIVEN:-none}\nWORKDIR /$GIVEN\n", "/env-none")]
    [InlineData("FROM x\nARG GIVEN\nENV GIVEN=${GIVEN}2\nWORKDIR /$GIVEN\n", "/g2")]
    [InlineData("FROM x\nARG A=1 B=${A}2\nWORKDIR /$B\n", "/12")]
    [InlineData("FROM x\nENV A=1\nENV A=2 B=$A\nWORKDIR /$A$B\n", "/21")]
    [InlineData("FROM x\nENV A 1 2\nWORKDIR /$A\n", "/1 2")]
    [InlineData("FROM x\nENV A=\"1 2\"\nWORKDIR /$A/$HOME\n", "/1 2//root")]
    [InlineData("FROM x\nARG BUILDKIT_SBOM_SCAN_STAGE=true\nWORKDIR /$BUILDKIT_SBOM_SCAN_STAGE\n", "/")]
    [InlineData("FROM x\nARG N=${M:?never-asked-for}\nWORKDIR /\n", null)]
    [InlineData("FROM x\nARG GIVEN=${M:?never-asked-for}\nWORKDIR /$GIVEN\n", "/g")]
    public void AStageSeesWhatStandsAbove(string text, string? expected)
    {
        if (expected is null)
        {
            Assert.Equal((2, "failed to process \"${M:?never-asked-for}\": M: never-asked-for"), Failure(text));
            return;
        }

        Assert.Equal(expected, Assert.IsType<WorkdirInstruction>(Walk(text).Last).Path);
    }

    [Fact]
    public void ProxiesAndSettingsNeedNoArg()
    {
        Assert.True(PredefinedArguments.IsProxy("http_proxy") && PredefinedArguments.IsProxy("NO_PROXY") && !PredefinedArguments.IsProxy("PROXY"));
        Assert.True(PredefinedArguments.IsSetting("SOURCE_DATE_EPOCH") && !PredefinedArguments.IsSetting("GIVEN"));
        Assert.Equal("/", Assert.IsType<WorkdirInstruction>(Walk("FROM x\nWORKDIR /$HTTP_PROXY\n", ("HTTP_PROXY", "p")).Last).Path);
        Assert.Equal("/p", Assert.IsType<WorkdirInstruction>(Walk("FROM x\nARG HTTP_PROXY\nWORKDIR /$HTTP_PROXY\n", ("HTTP_PROXY", "p")).Last).Path);
    }

    [Fact]
    public void WhatNothingTakesIsTold() => Assert.Equal(
        ["z", "zz"],
        BuildFileTests.Parse("ARG a\nFROM x\nARG b c\nFROM y\nRUN $z\n").UnusedArguments(
            Inputs(("a", ""), ("b", ""), ("zz", ""), ("z", ""), ("HTTPS_PROXY", ""), ("TARGETOS", ""), ("BUILDKIT_INLINE_CACHE", "1"))));

    [Fact]
    public void ArgumentsKeepTheirValues() =>
        Assert.Equal(["A=1", "GIVEN=g", "N="], Walk("FROM x\nARG A=1 GIVEN=2\nARG N\n").Scope.Arguments.Select(a => $"{a.Name}={a.Default}"));

    [Fact]
    public void EveryFieldThatExpandsDoes()
    {
        const string Text = """
            FROM x
            ARG V=v P=80 M=/mnt
            ENV $V=$V
            LABEL $V="$V" l='$V'
            COPY --chown=$V --chmod=$V --exclude=$V $V <<E "$V/d"
            it's "$V" \$V
            E
            ADD --chown=$V --chmod=$V --checksum=$V $V <<'E' $V/d
            $V
            E
            USER $V
            VOLUME $V ["$V"]
            STOPSIGNAL ${S:-TERM}
            EXPOSE $P 8081-8082/udp "$P"
            RUN --mount=type=cache,target=$M,id=$V,sharing=${S:-locked} echo $V
            CMD echo $V
            ENTRYPOINT ["$V"]
            HEALTHCHECK CMD $V
            SHELL ["$V"]
            ONBUILD RUN $V
            """;
        Instruction[] all = [.. Walk(Text).All];
        Assert.Equal([new KeyValue("v", "v")], ((EnvInstruction)all[1]).Variables);
        Assert.Equal([new KeyValue("v", "v"), new KeyValue("l", "$V")], ((LabelInstruction)all[2]).Labels);
        var copy = (CopyInstruction)all[3];
        Assert.Equal(("v", "v", "v/d", "v"), (copy.Owner, copy.Mode, copy.Sources.Destination, copy.Sources.Paths[0]));
        Assert.Equal(["$V"], copy.Excludes);
        Assert.Equal("it's \"v\" $V\n", copy.Sources.Files[0].Content);
        var add = (AddInstruction)all[4];
        Assert.Equal(("v", "v", "v", "v/d", "$V\n"), (add.Owner, add.Mode, add.Checksum, add.Sources.Destination, add.Sources.Files[0].Content));
        Assert.Equal("v", ((UserInstruction)all[5]).User);
        Assert.Equal(["v", "[v]"], ((VolumeInstruction)all[6]).Paths);
        Assert.Equal("TERM", ((StopSignalInstruction)all[7]).Signal);
        Assert.Equal(["80/tcp", "8081/udp", "8082/udp"], ((ExposeInstruction)all[8]).Ports.Order(StringComparer.Ordinal));
        var run = (RunInstruction)all[9];
        Assert.Equal(new RunMount { Type = RunMountType.Cache, Target = "/mnt", Id = "v", Sharing = CacheSharing.Locked }, run.Mounts[0]);
        LeftToTheirShell(all);
    }

    private static void LeftToTheirShell(Instruction[] all)
    {
        Assert.Equal(["echo $V"], ((RunInstruction)all[9]).Command.Arguments);
        Assert.Equal(["echo $V"], ((CmdInstruction)all[10]).Command.Arguments);
        Assert.Equal(["$V"], ((EntrypointInstruction)all[11]).Command.Arguments);
        Assert.Equal(["CMD-SHELL", "$V"], ((HealthcheckInstruction)all[12]).Check.Test);
        Assert.Equal(["$V"], ((ShellInstruction)all[13]).Shell);
        Assert.Equal("RUN $V", ((OnbuildInstruction)all[14]).Expression);
    }

    [Theory]
    [InlineData("FROM x\nCOPY --from=$GIVEN a b\n", "variable expansion is not supported for --from, define a new stage with FROM using ARG from global scope as a workaround")]
    [InlineData("FROM x\nSTOPSIGNAL $NOTHING\n", "invalid signal: ")]
    [InlineData("FROM x\nEXPOSE ${N:-http}\n", "invalid containerPort: http")]
    [InlineData("FROM x\nENV $NOTHING=1\n", "ENV names can not be blank")]
    [InlineData("FROM x\nLABEL a=b ${NOTHING}=1\n", "LABEL names can not be blank")]
    [InlineData("FROM x\nVOLUME $NOTHING\n", "VOLUME specified can not be an empty string")]
    [InlineData("FROM x\nRUN --mount=type=${N:-bid} a\n", "unsupported mount type \"bid\" (did you mean bind?)")]
    public void WhatIsNoValueOnceExpandedIsRefused(string text, string message) => Assert.Equal((2, message), Failure(text));

    [Fact]
    public void VariablesHaveALimitTogether()
    {
        string big = "ENV X=" + new string('x', 60_000) + "\nENV Y=$X$X$X$X$X$X$X$X$X$X\n";
        string text = "FROM x\n" + big + string.Concat(Enumerable.Range(0, 8).Select(i => $"ENV Y{i}=$Y\n"));
        Assert.Equal((9, "variables hold more than 4194304 characters together"), Failure(text));
        Assert.Equal((9, "variables hold more than 4194304 characters together"), Failure(text.Replace("ENV Y", "ARG Y", StringComparison.Ordinal)));
    }

    [Fact]
    public void ExpansionsHaveALimitTogether()
    {
        string text = "FROM x\nENV X=" + new string('x', 60_000) + "\nENV Y=$X$X$X$X$X$X$X$X$X$X\n" + string.Concat(Enumerable.Repeat("LABEL a=$Y\n", 200));
        Assert.EndsWith("variables expand to more than 67108864 characters in all", Failure(text).Message, StringComparison.Ordinal);
        string ports = "FROM x\n" + string.Concat(Enumerable.Repeat("EXPOSE 0-65535\n", 200));
        Assert.EndsWith("variables expand to more than 67108864 characters in all", Failure(ports).Message, StringComparison.Ordinal);
    }

    private static (int Line, string Message) Failure(string text)
    {
        var e = Assert.Throws<DockerfileException>(() => Walk(text));
        return (e.Lines!.Value.First, e.Message);
    }

    private static (Instruction Last, StageScope Scope, IReadOnlyList<Instruction> All) Walk(string text, params (string, string)[] given)
    {
        BuildFile file = BuildFileTests.Parse(text);
        var global = GlobalScope.Create(file, Inputs([("GIVEN", "g"), .. given]));
        var scope = StageScope.FromImage(["HOME=/root"]);
        var expansion = new InstructionExpansion(file.Syntax);
        var all = new List<Instruction>();
        foreach (Instruction instruction in file.Stages[^1].Instructions)
        {
            (ExpandedInstruction expanded, scope) = scope.Apply(instruction, global, expansion);
            all.Add(expanded.Instruction);
        }

        return (all[^1], scope, all);
    }

    private static BuildInputs Inputs(params (string Name, string Value)[] given) => new()
    {
        BuildPlatform = new Platform { Os = "linux", Architecture = "amd64" },
        TargetPlatform = new Platform { Os = "linux", Architecture = "arm64" },
        Arguments = given.ToDictionary(g => g.Name, g => g.Value),
    };
}
