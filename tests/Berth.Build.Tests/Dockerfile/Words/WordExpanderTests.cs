using System.Text.RegularExpressions;

using Berth.Build.Dockerfile;
using Berth.Build.Dockerfile.Words;

using CsCheck;

namespace Berth.Build.Tests.Dockerfile.Words;

public sealed class WordExpanderTests
{
    private static readonly BuildVariables Variables = BuildVariables.FromList(["A=a b", "E=", "P=x/y/z.tar.gz", "ü=umlaut", "Q='\"\\$"]);

    // Texts that look like words, and variables that hold everything.
    private static readonly Gen<string> Text = Gen.String[Gen.Char["ab AEPQ${}:-+?#%/\\'\"`*?<ü\n한\uD83D\uDE00\uD800"], 0, 40];

    [Theory]
    [InlineData("${A:?is needed}", "a b")]
    [InlineData("${P##*/}", "z.tar.gz")]
    [InlineData("${P#*/}", "y/z.tar.gz")]
    [InlineData("${P%%.*}", "x/y/z")]
    [InlineData("${P%.*}", "x/y/z.tar")]
    [InlineData("${P/\\//-}", "x-y/z.tar.gz")]
    [InlineData("${P//\\//-}", "x-y-z.tar.gz")]
    [InlineData("${P//?/.}", "............")]
    [InlineData("${P//z*/\\$1}", "x/y/\\$1")]
    [InlineData("${P/#x/y}", "x/y/z.tar.gz")]
    [InlineData("$ü", "umlaut")]
    [InlineData("\"$Q\"", "'\"\\$")]
    [InlineData("$Q", "'\"\\$")]
    [InlineData("${N-${N:-\"}\"}}", "}")]
    public void ModifiersWorkAsInAShell(string text, string expected) => Assert.Equal(expected, new WordExpander('\\').Expand(text, Variables).Text);

    [Theory]
    [InlineData("${N:?is needed}", "N: is needed")]
    [InlineData("${N?}", "N: is not allowed to be unset")]
    [InlineData("${E:?}", "E: is not allowed to be empty")]
    [InlineData("${A:=x}", "unsupported modifier (:=) in substitution")]
    [InlineData("${A^}", "unsupported modifier (^) in substitution")]
    [InlineData("${A", "syntax error: missing '}'")]
    [InlineData("${}", "syntax error: bad substitution")]
    [InlineData("${A#\\x}", "invalid pattern (\\x) in substitution: invalid escape '\\x'")]
    [InlineData("${A/x}", "syntax error: missing '/' in ${}")]
    [InlineData("a'b", "unexpected end of statement while looking for matching single-quote")]
    [InlineData("a\"b", "unexpected end of statement while looking for matching double-quote")]
    public void WhatCannotBeExpandedSaysWhy(string text, string reason)
    {
        var e = Assert.Throws<DockerfileException>(() => new WordExpander('\\').Expand(text, Variables));
        Assert.EndsWith("\": " + reason, e.Message, StringComparison.Ordinal);
        Assert.StartsWith("failed to process \"", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ABacktickEscapesWhereTheFileSaysSo() => Assert.Equal(@"C:\$A\a b", new WordExpander('`').Expand(@"C:\`$A\$A", Variables).Text);

    [Theory]
    [InlineData("$N ${N} ${N:-x} ${N#y} ${N/a/b} ${N//a/b} $A", "$N ${N} ${N:-x} ${N#y} ${N/a/b} ${N//a/b} a b")]
    public void UnsetNamesMayStay(string text, string expected) => Assert.Equal(expected, new WordExpander('\\', WordOptions.KeepUnset).Expand(text, Variables).Text);

    [Fact]
    public void QuotesMeanNothingInAHeredoc() =>
        Assert.Equal("it's \"a b\" $A\n", new WordExpander('\\', WordOptions.LiteralQuotes).Expand("it's \"$A\" \\$A\n", Variables).Text);

    [Fact]
    public void AWordBesideABraceIsKeptWhenSplit() => Assert.Equal(["xa", "by"], new WordExpander('\\').Split("x${N:-$A}y", Variables));

    [Fact]
    public void DepthHasALimit()
    {
        string deep = string.Concat(Enumerable.Repeat("${N:-", 5000)) + new string('}', 5000);
        Assert.Contains("nested more than 64 deep", Assert.Throws<DockerfileException>(() => new WordExpander('\\').Expand(deep, Variables)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void DoublingHasALimit()
    {
        BuildVariables variables = BuildVariables.FromList(["X=0123456789"]);
        var e = Assert.Throws<DockerfileException>(() =>
        {
            for (int i = 0; i < 40; i++)
            {
                variables = variables.With("X", new WordExpander('\\').Expand("$X$X", variables).Text);
            }
        });
        Assert.Contains("expand to more than 1048576 characters", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ReplacementsHaveALimit()
    {
        BuildVariables variables = BuildVariables.FromList(["X=" + new string('x', 60_000), "Y=" + new string('y', 60_000)]);
        Assert.Contains("expand to more than", Assert.Throws<DockerfileException>(() => new WordExpander('\\').Expand("${X//x/$Y}", variables)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void PatternsHaveALimit()
    {
        BuildVariables variables = BuildVariables.FromList(["X=" + new string('x', 60_000)]);
        string pattern = "${X//" + string.Concat(Enumerable.Repeat("*x", 50)) + "y/z}";
        Assert.Contains("patterns take too long", Assert.Throws<DockerfileException>(() => new WordExpander('\\').Expand(pattern, variables)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void NothingButTheDeclaredExceptionIsThrown() => Gen.Select(Text, Gen.Char["\\`"], Gen.Int[0, 15]).Sample((text, escape, options) =>
    {
        try
        {
            var expander = new WordExpander(escape, (WordOptions)options);
            Expansion expansion = expander.Expand(text, Variables);
            expander.Split(text, Variables);
            return !expansion.Matched.Overlaps(expansion.Unmatched);
        }
        catch (DockerfileException)
        {
            return true;
        }
    });

    [Fact]
    public void SingleQuotesKeepEverything() =>
        Text.Where(t => !t.Contains('\'')).Sample(t => new WordExpander('\\').Expand($"'{t}'", Variables).Text == t);

    [Fact]
    public void EscapingEachCharacterKeepsEverything() =>
        Text.Sample(t => new WordExpander('\\').Expand(string.Concat(t.Select(c => "\\" + c)), Variables).Text == t);

    [Fact]
    public void SplittingLosesOnlyBlanks() => Gen.String[Gen.Char["ab \tc"], 0, 30].Sample(t =>
        new WordExpander('\\').Split(t, Variables).SequenceEqual(t.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries)));

    // An independent judge: the regular expression that the pattern means.
    [Fact]
    public void PatternsMatchLikeRegularExpressions() => Gen.Select(Gen.String[Gen.Char["ab*?"], 0, 6], Gen.String[Gen.Char["ab\n"], 0, 10], Gen.Bool).Sample((pattern, value, longest) =>
    {
        string body = string.Concat(pattern.Select(c => c switch { '*' => longest ? "[^\n]*" : "[^\n]*?", '?' => "[^\n]", _ => c.ToString() }));
        var budget = new PatternBudget();
        var parsed = ShellPattern.Parse(pattern);
        Assert.Equal(new Regex("^(?:" + body + ")").Replace(value, "", 1), parsed.TrimStart(value, longest, budget));
        Assert.Equal(new Regex(body.Replace("*?", "*", StringComparison.Ordinal)).Replace(value, "<>", 1), parsed.Replace(value, "<>", all: false, budget));
        string reversed = new([.. value.Reverse()]);
        string backwards = ShellPattern.Parse(new string([.. pattern.Reverse()])).TrimStart(reversed, longest, budget);
        Assert.Equal(new string([.. backwards.Reverse()]), parsed.TrimEnd(value, longest, budget));
    });
}
