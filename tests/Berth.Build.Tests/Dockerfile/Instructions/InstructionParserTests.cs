using Berth.Build.Dockerfile;
using Berth.Build.Dockerfile.Instructions;
using Berth.Oci.Images;

namespace Berth.Build.Tests.Dockerfile.Instructions;

public sealed class InstructionParserTests
{
    [Fact]
    public void ThereAre18Instructions() => Assert.Equal(18, InstructionParser.Keywords.Distinct().Count());

    [Fact]
    public void FromHasPlatformAndName()
    {
        FromInstruction from = One<FromInstruction>("# base is for all\nfrom --platform=$BUILDPLATFORM alpine:$V As Base\n");
        Assert.Equal(("alpine:$V", "base", "$BUILDPLATFORM", "is for all"), (from.Base, from.StageName, from.Platform, from.Description));
        FromInstruction plain = One<FromInstruction>("FROM scratch");
        Assert.Equal(("scratch", null, null, null), (plain.Base, plain.StageName, plain.Platform, plain.Description));
    }

    [Fact]
    public void RunHasCommandNetworkAndSecurity()
    {
        RunInstruction run = One<RunInstruction>("RUN --network=none --security=insecure echo  a && b");
        Assert.Equal((RunNetwork.None, true, true), (run.Network, run.IsInsecure, run.Command.IsShellForm));
        Assert.Equal(["echo  a && b"], run.Command.Arguments);
        RunInstruction exec = One<RunInstruction>("RUN --network=default [\"echo\", \"a\"]");
        Assert.Equal((RunNetwork.Default, false, false), (exec.Network, exec.IsInsecure, exec.Command.IsShellForm));
        Assert.Equal(["echo", "a"], exec.Command.Arguments);
        Assert.Equal(RunNetwork.Host, One<RunInstruction>("RUN --network=host a").Network);
        Assert.Equal("a\n", One<RunInstruction>("RUN <<E\na\nE\n").Command.Files[0].Content);
    }

    [Fact]
    public void CopyHasAllItsFlags()
    {
        CopyInstruction copy = One<CopyInstruction>("COPY --from=b --chown=1:2 --chmod=u+x --link --parents --exclude=*.o --exclude=x a b <<E c/\ntext\nE\n");
        Assert.Equal(("b", "1:2", "u+x", true, true), (copy.From, copy.Owner, copy.Mode, copy.IsLink, copy.KeepParents));
        Assert.Equal(["*.o", "x"], copy.Excludes);
        Assert.Equal(["a", "b"], copy.Sources.Paths);
        Assert.Equal([new InlineFile("E", "text\n", true)], copy.Sources.Files);
        Assert.Equal("c/", copy.Sources.Destination);
        CopyInstruction json = One<CopyInstruction>("COPY --link=false [\"a b\", \"<<E\", \"c\"]");
        Assert.Equal(["a b", "<<E"], json.Sources.Paths);
        Assert.False(json.IsLink);
    }

    [Fact]
    public void AddHasAllItsFlags()
    {
        AddInstruction add = One<AddInstruction>(
            "ADD --chown=a --chmod=755 --link --keep-git-dir=true --checksum=sha256:1 --unpack=false --exclude=x <<-'E' https://x/y /z\n\ta $b\n\tE\n");
        Assert.Equal(
            ("a", "755", true, true, "sha256:1", false), (add.Owner, add.Mode, add.IsLink, add.KeepGitFolder, add.Checksum, add.Unpack));
        Assert.Equal(["x"], add.Excludes);
        Assert.Equal([new InlineFile("E", "a $b\n", false)], add.Sources.Files);
        AddInstruction plain = One<AddInstruction>("ADD a /b");
        Assert.Equal(((bool?)null, (bool?)null), (plain.KeepGitFolder, plain.Unpack));
    }

    [Fact]
    public void HealthcheckHasAllItsFlags()
    {
        Healthcheck check = One<HealthcheckInstruction>(
            "HEALTHCHECK --interval=1m30s --timeout=3s --start-period=0s --start-interval=500ms --retries=3 CMD curl -f x").Check;
        Assert.Equal(["CMD-SHELL", "curl -f x"], check.Test);
        Assert.Equal(
            (90_000_000_000, 3_000_000_000, null, 500_000_000, 3), (check.Interval, check.Timeout, check.StartPeriod, check.StartInterval, check.Retries));
        Assert.Equal(["CMD", "a", "b"], One<HealthcheckInstruction>("HEALTHCHECK cmd [\"a\", \"b\"]").Check.Test);
        Assert.Equal(["NONE"], One<HealthcheckInstruction>("HEALTHCHECK none").Check.Test);
    }

    [Fact]
    public void PairsAreNewOrLegacy()
    {
        Assert.Equal([new KeyValue("a", "b c", true)], One<EnvInstruction>("ENV a b c").Variables);
        Assert.Equal([new KeyValue("a", "b"), new KeyValue("c", "\"d e\"")], One<LabelInstruction>("LABEL a=b c=\"d e\"").Labels);
    }

    [Fact]
    public void ArgTakesSeveralNames() => Assert.Equal(
        [new ArgDefinition("a", null, null), new ArgDefinition("b", "", null), new ArgDefinition("c", "\"x y\"", "is third")],
        One<ArgInstruction>("# c is third\nARG a b= c=\"x y\"\n").Arguments);

    [Fact]
    public void TheRestHasOneValueOrAList()
    {
        Assert.Equal(["80/tcp", "9/udp", "9000-9010"], One<ExposeInstruction>("EXPOSE 9/udp 9000-9010 80/tcp").Ports);
        Assert.Equal(["/a", "/b"], One<VolumeInstruction>("VOLUME /a /b").Paths);
        Assert.Equal(["/a b"], One<VolumeInstruction>("VOLUME [\" /a b \"]").Paths);
        Assert.Equal("SIGKILL", One<StopSignalInstruction>("STOPSIGNAL SIGKILL").Signal);
        Assert.Equal("/a b", One<WorkdirInstruction>("WORKDIR /a b").Path);
        Assert.Equal("a:b", One<UserInstruction>("USER a:b").User);
        Assert.Equal("x <y>", One<MaintainerInstruction>("MAINTAINER x <y>").Maintainer);
        Assert.Equal(["bash", "-c"], One<ShellInstruction>("SHELL [\"bash\", \"-c\"]").Shell);
        Assert.Empty(One<CmdInstruction>("CMD []").Command.Arguments);
        Assert.Empty(One<EntrypointInstruction>("ENTRYPOINT").Command.Arguments);
    }

    [Fact]
    public void OnbuildKeepsItsTriggerAsText()
    {
        Assert.Equal("RUN a   b", One<OnbuildInstruction>("ONBUILD RUN a \\\n  b").Expression);
        Assert.Equal("COPY <<E /x\ntext\nE", One<OnbuildInstruction>("onbuild COPY <<E /x\ntext\nE\n").Expression);
        Assert.IsType<CopyInstruction>(BuildFile.ParseTrigger("COPY <<E /x\ntext\nE").Instruction);
    }

    [Theory]
    [InlineData("RNU a", "unknown instruction: RNU (did you mean RUN?)")]
    [InlineData("rnu a", "unknown instruction: rnu (did you mean run?)")]
    [InlineData("HELTHCHEK a", "unknown instruction: HELTHCHEK (did you mean HEALTHCHECK?)")]
    [InlineData("NOTHING a", "unknown instruction: NOTHING")]
    [InlineData("FROM", "FROM requires either one or three arguments")]
    [InlineData("FROM a b", "FROM requires either one or three arguments")]
    [InlineData("FROM a AS 1b", "invalid name for build stage: \"1b\", name can't start with a number or contain symbols")]
    [InlineData("FROM --platfrom=x a", "unknown flag: --platfrom (did you mean platform?)")]
    [InlineData("FROM --platform a", "missing a value on flag: --platform")]
    [InlineData("FROM --platform=a --platform=b c", "duplicate flag specified: --platform")]
    [InlineData("COPY a", "COPY requires at least two arguments, but only one was provided. Destination could not be determined")]
    [InlineData("ADD a", "ADD requires at least two arguments, but only one was provided. Destination could not be determined")]
    [InlineData("COPY a <<E\nE", "COPY cannot accept a heredoc as a destination")]
    [InlineData("COPY --form=x a b", "unknown flag: --form (did you mean from?)")]
    [InlineData("COPY --link=maybe a b", "expecting boolean value for flag --link, not: maybe")]
    [InlineData("COPY --link= a b", "missing a value on flag: --link")]
    [InlineData("COPY --checksum=x a b", "unknown flag: --checksum")]
    [InlineData("ADD --from=x a b", "unknown flag: --from")]
    [InlineData("RUN --device=nvidia.com/gpu=all a", "RUN --device is not supported: Berth gives build steps no devices (CDI)")]
    [InlineData("RUN --network=hosts a", "invalid network mode \"hosts\"")]
    [InlineData("RUN --security=x a", "security \"x\" is not valid")]
    [InlineData("RUN --mount=type=bid a", "unsupported mount type \"bid\" (did you mean bind?)")]
    [InlineData("RUN --mount=type=bind,from=$x a", "'from' doesn't support variable expansion, define alias stage instead")]
    [InlineData("ENV", "ENV requires at least one argument")]
    [InlineData("ENV =a", "ENV names can not be blank")]
    [InlineData("LABEL", "LABEL requires at least one argument")]
    [InlineData("ARG", "ARG requires at least one argument")]
    [InlineData("ARG =a", "ARG names can not be blank")]
    [InlineData("EXPOSE", "EXPOSE requires at least one argument")]
    [InlineData("USER", "USER requires exactly one argument")]
    [InlineData("WORKDIR", "WORKDIR requires exactly one argument")]
    [InlineData("STOPSIGNAL", "STOPSIGNAL requires exactly one argument")]
    [InlineData("MAINTAINER", "MAINTAINER requires exactly one argument")]
    [InlineData("VOLUME", "VOLUME requires at least one argument")]
    [InlineData("VOLUME [\"\"]", "VOLUME specified can not be an empty string")]
    [InlineData("SHELL", "SHELL requires at least one argument")]
    [InlineData("SHELL []", "SHELL requires at least one argument")]
    [InlineData("SHELL bash -c", "SHELL requires the arguments to be in JSON form")]
    [InlineData("HEALTHCHECK", "HEALTHCHECK requires at least one argument")]
    [InlineData("HEALTHCHECK NONE a", "HEALTHCHECK NONE takes no arguments")]
    [InlineData("HEALTHCHECK CMD", "Missing command after HEALTHCHECK CMD")]
    [InlineData("HEALTHCHECK CONNECT TCP 7000", "Unknown type \"CONNECT\" in HEALTHCHECK (try CMD)")]
    [InlineData("HEALTHCHECK --interval=5 CMD a", "time: invalid duration \"5\" of --interval (try 30s)")]
    [InlineData("HEALTHCHECK --interval=1us CMD a", "Interval \"interval\" cannot be less than 1ms")]
    [InlineData("HEALTHCHECK --retries=-1 CMD a", "--retries cannot be negative (-1)")]
    [InlineData("HEALTHCHECK --retries=x CMD a", "--retries is no number: \"x\"")]
    [InlineData("HEALTHCHECK --start-intervall=1s CMD a", "unknown flag: --start-intervall (did you mean start-interval?)")]
    [InlineData("ONBUILD", "ONBUILD requires at least one argument")]
    [InlineData("ONBUILD ONBUILD RUN a", "Chaining ONBUILD via `ONBUILD ONBUILD` isn't allowed")]
    [InlineData("ONBUILD FROM a", "FROM isn't allowed as an ONBUILD trigger")]
    [InlineData("ONBUILD maintainer a", "MAINTAINER isn't allowed as an ONBUILD trigger")]
    [InlineData("USER --x a", "unknown flag: --x")]
    [InlineData("CMD --x a", "unknown flag: --x")]
    public void WhatIsWrongIsSaidInBuildKitsWords(string text, string reason)
    {
        var e = Assert.Throws<DockerfileException>(() => BuildFile.Parse(SourceFile.FromText("Dockerfile", $"FROM x\n\n{text}\n")));
        Assert.Equal($"dockerfile parse error on line 3: {reason}", e.Message);
    }

    internal static T One<T>(string text)
        where T : Instruction => Assert.IsType<T>(InstructionParser.Parse(Assert.Single(SyntaxReaderTests.Read(text).Instructions)));
}
