using Berth.Build.Dockerfile;

namespace Berth.Build.Tests.Dockerfile;

public sealed class SyntaxReaderTests
{
    [Fact]
    public void DirectivesStandOnTopInAnyOrderAndCase()
    {
        DockerfileSyntax syntax = Read("#syntax = docker/dockerfile:1\n# ESCAPE=`\n  # Check=skip=all;error=true\nFROM x\nRUN a `\n b\n");
        Assert.Equal(["syntax=docker/dockerfile:1@1", "escape=`@2", "check=skip=all;error=true@3"], syntax.Directives.Select(d => $"{d.Name}={d.Value}@{d.Line}"));
        Assert.Equal("docker/dockerfile:1", syntax.Directive(ParserDirective.Syntax));
        Assert.Equal(["a  b"], syntax.Instructions[1].Arguments);
    }

    [Fact]
    public void AShebangMayStandAboveDirectives() => Assert.Equal("1", Read("#!/usr/bin/x\n# check=1\nFROM x\n").Directive(ParserDirective.Check));

    [Theory]
    [InlineData("\n# escape=`\nFROM x\n")]
    [InlineData("# a comment\n# escape=`\nFROM x\n")]
    [InlineData("# unknown=1\n# escape=`\nFROM x\n")]
    [InlineData("FROM x\n# escape=`\n")]
    public void ADirectiveAfterAnythingElseIsAComment(string text) => Assert.Equal('\\', Read(text).Escape);

    [Theory]
    [InlineData("# escape=\\\n# escape=`\nFROM x\n", 2, "only one escape parser directive can be used")]
    [InlineData("# syntax=a\n# syntax=b\nFROM x\n", 2, "only one syntax parser directive can be used")]
    [InlineData("# escape=x\nFROM x\n", 1, "invalid escape token 'x' does not match ` or \\")]
    [InlineData("FROM x\nRUN <<EOF\na\n", 2, "unterminated heredoc")]
    [InlineData("FROM x\n\nENV a\n", 3, "ENV must have two arguments")]
    [InlineData("FROM x\nLABEL a=b c\n", 2, "Syntax error - can't find = in \"c\". Must be of the form: name=value")]
    [InlineData("FROM x\nCMD [ \"a\", [ \"b\" ] ]\n", 2, "when using JSON array syntax, arrays must be comprised of strings only")]
    [InlineData("FROM x\nCMD [ 1 ]\n", 2, "when using JSON array syntax, arrays must be comprised of strings only")]
    [InlineData("FROM x\n\\\n\n", 2, "unknown instruction: nothing but the continuation character \\")]
    [InlineData("# only\n", 1, "file with no instructions")]
    public void ErrorsNameTheLine(string text, int line, string reason)
    {
        var e = Assert.Throws<DockerfileException>(() => Read(text));
        Assert.Equal(($"dockerfile parse error on line {line}: {reason}", line, "Dockerfile"), (e.Message, e.Lines!.Value.First, e.FileName));
    }

    [Fact]
    public void AnEmptyFileIsRefused() => Assert.Equal("the Dockerfile cannot be empty", Assert.Throws<DockerfileException>(() => Read("")).Reason);

    [Fact]
    public void ByteOrderMarkAndWindowsLineEndsDoNotCount()
    {
        DockerfileSyntax syntax = SyntaxReader.Read(SourceFile.FromBytes("Dockerfile", "\uFEFF# escape=`\r\nFROM x\r\nRUN a `\r\n  b\r\nRUN <<E\r\nc\r\nE\r\n"u8));
        Assert.Equal('`', syntax.Escape);
        Assert.Equal(["a   b"], syntax.Instructions[1].Arguments);
        Assert.Equal("c\r\n", syntax.Instructions[2].Heredocs[0].Content);
    }

    [Fact]
    public void BytesThatAreNotUtf8DoNotFail() =>
        Assert.Equal(["x\uFFFD"], SyntaxReader.Read(SourceFile.FromBytes("Dockerfile", [.. "USER x"u8, 0xe9, .. "\n"u8])).Instructions[0].Arguments);

    [Fact]
    public void CommentsAndEmptyLinesMayStandBetweenContinuations()
    {
        DockerfileSyntax syntax = Read("FROM x\nRUN a \\\n# comment\n  # another\n\n  b\nRUN c \\\n  d\n");
        Assert.Equal(["a   b"], syntax.Instructions[1].Arguments);
        Assert.Equal([6], syntax.EmptyContinuations);
        Assert.Equal([new LineRange(1, 1), new LineRange(2, 6), new LineRange(7, 8)], syntax.Instructions.Select(i => i.Lines));
    }

    [Fact]
    public void AnEscapedEscapeEndsALine() =>
        Assert.Equal(["a \\\\", "b"], Read("FROM x\nRUN a \\\\\nRUN b\n").Instructions.Skip(1).Select(i => i.Arguments[0]));

    [Fact]
    public void CommentsAboveAnInstructionAreKeptUpToAnEmptyLine()
    {
        DockerfileSyntax syntax = Read("# syntax=x\n# one\n\n# two\n#  three \nFROM x\n# four\n#\n# five\nRUN a\n");
        Assert.Equal(["two", "three"], syntax.Instructions[0].Comments);
        Assert.Equal(["five"], syntax.Instructions[1].Comments);
    }

    [Theory]
    [InlineData("COPY --a=b --c d e", "--a=b|--c", "d|e")]
    [InlineData("COPY --a=\"b c\" d", "--a=b c", "d")]
    [InlineData("COPY --a=b\\ c d", "--a=b c", "d")]
    [InlineData("COPY --é=ü d", "--é=ü", "d")]
    [InlineData("COPY -- --a d", "", "--a|d")]
    [InlineData("COPY a --b", "", "a|--b")]
    [InlineData("COPY --a", "--a", "")]
    public void FlagsStandBeforeTheArguments(string line, string flags, string arguments)
    {
        InstructionNode node = Read(line).Instructions[0];
        Assert.Equal((flags, arguments), (string.Join('|', node.Flags), string.Join('|', node.Arguments)));
    }

    [Theory]
    [InlineData("ARG foo", "foo")]
    [InlineData("ARG foo\\ bar", "foo\\ bar")]
    [InlineData("ARG foo bar 'abc xyz'", "foo|bar|'abc xyz'")]
    [InlineData("ARG foo bar \"abc xyz\"", "foo|bar|\"abc xyz\"")]
    [InlineData("ARG föo bàr \"âbc xÿz\"", "föo|bàr|\"âbc xÿz\"")]
    [InlineData("ARG a=\"\" b='' \\", "a=\"\"|b=''")]
    public void WordsKeepTheirQuotes(string line, string words) => Assert.Equal(words, string.Join('|', Read(line).Instructions[0].Arguments));

    [Fact]
    public void ALineHasALimit()
    {
        var e = Assert.Throws<DockerfileException>(() => Read("FROM x\nLABEL a=" + new string('a', ParseLimits.LineLength) + "\n"));
        Assert.Equal(("dockerfile line greater than max allowed size of 65535", 2), (e.Reason, e.Lines!.Value.First));
    }

    [Fact]
    public void AFileHasALimit() =>
        Assert.StartsWith("Dockerfile is larger than 4194304 bytes", Assert.Throws<DockerfileException>(() => Read(new string('#', ParseLimits.FileSize + 1))).Reason, StringComparison.Ordinal);

    [Fact]
    public void InstructionsHaveALimit() =>
        Assert.Equal(
            "more than 10000 instructions",
            Assert.Throws<DockerfileException>(() => Read(string.Concat(Enumerable.Repeat("RUN a\n", ParseLimits.Instructions + 1)))).Reason);

    [Fact]
    public void JoinedLinesHaveALimit() =>
        Assert.Equal(
            "instruction is longer than 1048576 characters",
            Assert.Throws<DockerfileException>(() => Read("RUN a" + string.Concat(Enumerable.Repeat(new string('a', 60_000) + "\\\n", 20)))).Reason);

    [Fact]
    public void ADeepChainOfOnbuildCostsNoStack() =>
        Assert.Equal("ONBUILD", Read(string.Concat(Enumerable.Repeat("ONBUILD ", 8000)) + "RUN a\n").Instructions[0].Trigger!.Keyword);

    internal static DockerfileSyntax Read(string text) => SyntaxReader.Read(SourceFile.FromText("Dockerfile", text));
}
