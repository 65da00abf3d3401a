using Berth.Build.Dockerfile;

namespace Berth.Build.Tests.Dockerfile;

/// <summary>The cases are those of BuildKit's parser_heredoc_test.go.</summary>
public sealed class HeredocTests
{
    [Theory]
    [InlineData("RUN <<EMPTY\nEMPTY\n", "EMPTY", "", true, false, 0)]
    [InlineData("RUN 3<<EMPTY2\nEMPTY2\n", "EMPTY2", "", true, false, 3)]
    [InlineData("RUN <<INDENT\n\tfoo\n\tbar\nINDENT\n", "INDENT", "\tfoo\n\tbar\n", true, false, 0)]
    [InlineData("RUN <<-UNINDENT\n\tbaz\n\tquux\nUNINDENT\n", "UNINDENT", "\tbaz\n\tquux\n", true, true, 0)]
    [InlineData("RUN <<-UNINDENT2\n\tbaz\n\tquux\n\tUNINDENT2\n", "UNINDENT2", "\tbaz\n\tquux\n", true, true, 0)]
    [InlineData("RUN <<-EXPAND\n\texpand $NAME\nEXPAND\n", "EXPAND", "\texpand $NAME\n", true, true, 0)]
    [InlineData("RUN <<-'NOEXPAND'\n\tdon't expand $NAME\nNOEXPAND\n", "NOEXPAND", "\tdon't expand $NAME\n", false, true, 0)]
    [InlineData("RUN <<COMMENT\n# internal comment\necho foo bar # trailing \\\nCOMMENT\n", "COMMENT", "# internal comment\necho foo bar # trailing \\\n", true, false, 0)]
    [InlineData("RUN --mount=type=cache,target=/foo <<MOUNT\necho hello\nMOUNT\n", "MOUNT", "echo hello\n", true, false, 0)]
    [InlineData("COPY <<EOF /quotes\n\"foo\"\n'bar'\nEOF\n", "EOF", "\"foo\"\n'bar'\n", true, false, 0)]
    [InlineData("RUN <<COMPLEX python3\nprint('hello world')\nCOMPLEX\n", "COMPLEX", "print('hello world')\n", true, false, 0)]
    [InlineData("COPY <<file.txt /dest\nhello world\nfile.txt\n", "file.txt", "hello world\n", true, false, 0)]
    [InlineData("RUN <<eo'f'\necho foo\neof\n", "eof", "echo foo\n", false, false, 0)]
    [InlineData("RUN <<eo\\'f\necho foo\neo'f\n", "eo'f", "echo foo\n", true, false, 0)]
    [InlineData("RUN <<'e'o\\'f\necho foo\neo'f\n", "eo'f", "echo foo\n", false, false, 0)]
    [InlineData("RUN <<'one two'\necho bar\none two\n", "one two", "echo bar\n", false, false, 0)]
    [InlineData("RUN <<$EOF\n$EOF\n", "$EOF", "", true, false, 0)]
    [InlineData("RUN <<  EOF\nEOF\n", "EOF", "", true, false, 0)]
    [InlineData("RUN <<  EOF  > foo\nEOF\n", "EOF", "", true, false, 0)]
    [InlineData("ONBUILD RUN <<EOF\na\nEOF\n", "EOF", "a\n", true, false, 0)]
    [InlineData("ADD <<EOF /x\na\nEOF", "EOF", "a\n", true, false, 0)]
    public void OneIsRead(string text, string name, string content, bool expand, bool strip, uint descriptor)
    {
        DockerfileSyntax syntax = SyntaxReaderTests.Read(text + "USER x\n".Insert(0, text.EndsWith('\n') ? "" : "\n"));
        Assert.Equal(2, syntax.Instructions.Count);
        Assert.Equal([new Heredoc(name, descriptor, expand, strip, content)], syntax.Instructions[0].Heredocs);
    }

    [Theory]
    [InlineData("COPY <<FILE1 <<FILE2 /dest\ncontent 1\nFILE1\ncontent 2\nFILE2\n", "FILE1=content 1\n", "FILE2=content 2\n")]
    [InlineData("COPY <<X <<Y /dest\nY\nX\nX\nY\n", "X=Y\n", "Y=X\n")]
    public void SeveralFollowInOrder(string text, params string[] expected) =>
        Assert.Equal(expected, SyntaxReaderTests.Read(text).Instructions[0].Heredocs.Select(h => $"{h.Name}={h.Content}"));

    [Theory]
    [InlineData("USER <<INVALID\n")]
    [InlineData("RUN \"<<NOHEREDOC\"\n")]
    [InlineData("RUN '<<EOF'\n")]
    [InlineData("RUN [\"<<EOF\"]\n")]
    [InlineData("RUN [\"<<'EOF'\"]\n")]
    [InlineData("RUN cat <<<EOF\n")]
    [InlineData("RUN echo 'a <<EOF\n")]
    public void NoneIsRead(string text) => Assert.Empty(SyntaxReaderTests.Read(text).Instructions[0].Heredocs);

    [Theory]
    [InlineData("<<EOF", "EOF")]
    [InlineData("<<'EOF'", "EOF")]
    [InlineData("<<\"EOF\"", "EOF")]
    [InlineData("<<-EOF", "EOF")]
    [InlineData("<<-'EOF'", "EOF")]
    [InlineData("<<EO\"F\"", "EOF")]
    [InlineData("<< EOF", "EOF")]
    [InlineData("<<- EOF", "EOF")]
    [InlineData("<< -EOF", "-EOF")]
    [InlineData("4<<EOF", "EOF")]
    [InlineData("", null)]
    [InlineData("EOF", null)]
    [InlineData("<<", null)]
    [InlineData("<<-", null)]
    [InlineData("<EOF", null)]
    [InlineData("<<<EOF", null)]
    [InlineData("<<EOF sh", null)]
    public void AWordAnnouncesOne(string word, string? name) => Assert.Equal(name, HeredocReader.Parse(word)?.Name);

    [Theory]
    [InlineData("<<'EOF")]
    [InlineData("<<\"EOF")]
    [InlineData("<<EOF'")]
    [InlineData("<<EOF\"")]
    public void AQuoteMustEnd(string word) => Assert.Throws<DockerfileException>(() => HeredocReader.Parse(word));

    [Fact]
    public void TabsAreStrippedOnlyWhereAskedFor()
    {
        Assert.Equal("hello\n  world\n", new Heredoc("E", 0, true, true, "\thello\n\t\t  world\n").Text);
        Assert.Equal("\thello\n", new Heredoc("E", 0, true, false, "\thello\n").Text);
    }

    [Fact]
    public void TheirNumberHasALimit()
    {
        string line = "RUN " + string.Concat(Enumerable.Repeat("<<E ", ParseLimits.HeredocsOfInstruction + 1)) + "\n";
        Assert.Equal("more than 100 here-documents in one instruction", Assert.Throws<DockerfileException>(() => SyntaxReaderTests.Read(line)).Reason);
    }
}
