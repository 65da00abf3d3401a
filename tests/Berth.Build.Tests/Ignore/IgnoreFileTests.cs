using Berth.Build.Ignore;

namespace Berth.Build.Tests.Ignore;

public sealed class IgnoreFileTests
{
    [Fact]
    public void LinesBecomePatterns() => Assert.Equal(
        ["test1", "a/file/to", "a/inverted", "!inverted2", "!some/dir", "c", "!", "#no comment", "/", "..", "!b c"],
        IgnoreFile.Read(
            "\uFEFFtest1\r\n  a/./file//x/../to  \n\t\n# comment\n/a/inverted/\n!inverted2\n! /some/dir \n//c\n!\n #no comment\n/\n../\n!b c"));

    [Fact]
    public void AnEmptyFileIgnoresNothing() => Assert.False(new IgnoreMatcher(IgnoreFile.Read("\n# all\n")).IsIgnored("a"));

    [Fact]
    public void AnExclamationMarkAloneIsRefused() =>
        Assert.Equal("illegal exclusion pattern: \"!\"", Assert.Throws<IgnoreException>(() => new IgnoreMatcher(IgnoreFile.Read("a\n!\n"))).Message);

    [Theory]
    [InlineData("[")]
    [InlineData("[]a]")]
    [InlineData("[z-a]")]
    [InlineData("a\\")]
    [InlineData("![-]")]
    public void WhatIsNoPatternIsNamed(string pattern)
    {
        var e = Assert.Throws<IgnoreException>(() => new IgnoreMatcher([pattern]));
        Assert.StartsWith($"syntax error in ignore pattern \"{pattern.TrimStart('!')}\"", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void SizesHaveLimits()
    {
        Assert.Throws<IgnoreException>(() => IgnoreFile.Read(new string('a', IgnoreFile.FileSize + 1)));
        Assert.Throws<IgnoreException>(() => new IgnoreMatcher([.. Enumerable.Repeat("a", IgnoreMatcher.MostPatterns + 1)]));
        Assert.Throws<IgnoreException>(() => new IgnoreMatcher([new string('a', IgnorePattern.Longest + 1)]));
    }

    [Fact]
    public void ADockerfilesOwnFileComesFirst() => Assert.Equal(["x/app.Dockerfile.dockerignore", ".dockerignore"], IgnoreFile.NamesFor("x/app.Dockerfile"));

    [Theory]
    [InlineData("/", "/")]
    [InlineData("", ".")]
    [InlineData("./", ".")]
    [InlineData("/../a", "/a")]
    [InlineData("a/../../b", "../b")]
    [InlineData("../../a/..", "../..")]
    [InlineData("a//b/./c/", "a/b/c")]
    [InlineData("...", "...")]
    public void PathsAreCleanedAsInGo(string path, string clean) => Assert.Equal(clean, CleanPath.Of(path));
}
