using Berth.Build.Dockerfile;
using Berth.Build.Dockerfile.Instructions;
using Berth.Build.Dockerfile.Lint;
using Berth.Oci.Images;

using CsCheck;

namespace Berth.Build.Tests.Dockerfile;

public sealed class SyntaxPropertyTests
{
    private static readonly string[] Originals = [.. Vectors.Names(".Dockerfile").Select(n => Vectors.Text(n + ".Dockerfile")), Everything()];

    private static readonly Gen<string> Piece = Gen.OneOf(
        Gen.String[Gen.Char["ab $\\`'\"{}[]<>#=-:,/\n\r\t\0é\uD800"], 0, 6],
        Gen.Int[0, 9].Select(i => new[] { "<<EOF", "<<-'E'", " \\\n", "--from=", "\nRUN ", "\nONBUILD ", "${a:-", "# escape=`\n", "\"]", "\nFROM x\n" }[i]));

    // A known file with a part cut out and something else put there, up to four times.
    private static readonly Gen<string> Mutated = Gen.Select(
        Gen.Int[0, Originals.Length - 1], Gen.Select(Gen.Double[0, 1], Gen.Int[0, 20], Piece).List[0, 4], (index, edits) =>
        {
            string text = Originals[index];
            foreach ((double where, int length, string piece) in edits)
            {
                int at = (int)(where * text.Length);
                text = text[..at] + piece + text[Math.Min(text.Length, at + length)..];
            }

            return text;
        });

    [Fact]
    public void WhatIsPrintedReadsTheSame() => Mutated.Sample(
        text =>
        {
            if (Try(() => SyntaxReader.Read(SourceFile.FromText("Dockerfile", text))) is DockerfileSyntax syntax)
            {
                DockerfileSyntax again = SyntaxReader.Read(SourceFile.FromText("Dockerfile", syntax.Print()));
                Assert.Equal(SyntaxDump.Of(syntax), SyntaxDump.Of(again));
                Assert.Equal(syntax.Print(), again.Print());
                Assert.Equal(syntax.Instructions.SelectMany(i => i.Heredocs), again.Instructions.SelectMany(i => i.Heredocs));
            }
        },
        iter: 3000);

    [Fact]
    public void OnlyTheDeclaredExceptionIsThrown() => Mutated.Sample(
        text =>
        {
            if (Try(() => BuildFile.Parse(SourceFile.FromText("Dockerfile", text))) is BuildFile file)
            {
                Try(() => Linter.Check(new LintSubject(file, Inputs)));
            }
        },
        iter: 3000);

    [Fact]
    public void EachErrorHasAPlaceInTheFile() => Mutated.Sample(
        text =>
        {
            try
            {
                BuildFile.Parse(SourceFile.FromText("Dockerfile", text));
            }
            catch (DockerfileException e)
            {
                int lines = text.Split('\n').Length;
                Assert.True(e.Lines is { } at && at.First <= at.Last && at.Last <= lines, $"{e.Message}: {e.Lines} of {lines}");
                Assert.True(e.Excerpt.Length > 0 || text.Length == 0, e.Message);
            }
        },
        iter: 1000);

    [Fact]
    public void InstructionsLieInOrder() => Mutated.Sample(
        text =>
        {
            if (Try(() => SyntaxReader.Read(SourceFile.FromText("Dockerfile", text))) is DockerfileSyntax syntax)
            {
                Assert.All(syntax.Instructions.Zip(syntax.Instructions.Skip(1)), pair => Assert.True(pair.First.Lines.Last < pair.Second.Lines.First));
                Assert.All(syntax.Instructions, i => Assert.True(i.Lines.First <= i.Lines.Last));
            }
        },
        iter: 1000);

    private static BuildInputs Inputs { get; } = new()
    {
        BuildPlatform = new Platform { Os = "linux", Architecture = "amd64" },
        TargetPlatform = new Platform { Os = "linux", Architecture = "arm64" },
    };

    private static T? Try<T>(Func<T> read)
        where T : class
    {
        try
        {
            return read();
        }
        catch (DockerfileException)
        {
            return null;
        }
    }

    private static string Everything() => """
        # syntax=docker/dockerfile:1
        # check=skip=all;experimental=all
        ARG V=1
        FROM --platform=$BUILDPLATFORM img:$V AS one
        # V is a version
        ARG V A="x y"
        ENV A=${A:-b} B=${V##*.} C='d'
        LABEL a b
        RUN --mount=type=cache,target=/c,id=$A --network=none <<-'E' <<F
        	echo
        	E
        $V
        F
        COPY --from=one --chown=1:1 --link <<EOF /a /b/
        ${A//a/b}
        EOF
        ADD --checksum=sha256:1 https://x/y /z
        EXPOSE 80/TCP 1-3
        VOLUME ["/a"]
        HEALTHCHECK --interval=5s CMD ["a"]
        ONBUILD COPY <<EOF /x
        a
        EOF
        STOPSIGNAL TERM
        SHELL ["a", "b"]
        ENTRYPOINT ["a"]
        CMD a \
          b
        """;
}
