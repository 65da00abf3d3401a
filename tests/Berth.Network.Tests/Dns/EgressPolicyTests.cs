using Berth.Network.Dns.Egress;
using Berth.Storage;

using CsCheck;

namespace Berth.Network.Tests.Dns;

public sealed class EgressPolicyTests
{
    [Fact]
    public void AListIsNormalised()
    {
        EgressPolicy policy = EgressPolicy.Parse(" API.example.com., *.Example.ORG ,api.example.com,_srv.x-1.test");
        Assert.Equal(["api.example.com", "*.example.org", "_srv.x-1.test"], policy.Patterns);
        Assert.Equal("api.example.com,*.example.org,_srv.x-1.test", policy.ToString());
    }

    [Theory]
    [InlineData("api.example.com", true)]
    [InlineData("x.api.example.com", false)]
    [InlineData("example.com", false)]
    [InlineData("example.org", false)]
    [InlineData("a.example.org", true)]
    [InlineData("b.a.example.org", true)]
    [InlineData("aexample.org", false)]
    [InlineData("a.example.org.evil.test", false)]
    [InlineData("a\\.example.org", false)] // one label "a.example"
    [InlineData("x\\.y.example.org", true)]
    [InlineData("", false)]
    public void NamesAreOnTheListOrNot(string name, bool allowed) => Assert.Equal(allowed, EgressPolicy.Parse("api.example.com,*.example.org").Allows(name));

    [Theory]
    [InlineData("", "it is empty")]
    [InlineData("a.test,", "it is empty")]
    [InlineData("*", "allows everything")]
    [InlineData("*.", "allows everything")]
    [InlineData("a.*.test", "at the front only")]
    [InlineData("*x.test", "at the front only")]
    [InlineData("*.*.test", "at the front only")]
    [InlineData("a..test", "empty")]
    [InlineData(".test", "empty")]
    [InlineData("-a.test", "hyphen")]
    [InlineData("a-.test", "hyphen")]
    [InlineData("a b.test", "' '")]
    [InlineData("bücher.test", "xn--")]
    [InlineData("https://a.test", "scheme")]
    [InlineData("a.test:443", "port")]
    [InlineData("2001:db8::1", "port")]
    [InlineData("192.0.2.1", "address")]
    [InlineData("*.2.1", "address")]
    [InlineData("10.0.0.0/8", "address block")]
    public void WhatIsNoPatternIsRefusedByName(string list, string reason)
    {
        EngineException refused = Assert.Throws<EngineException>(() => EgressPolicy.Parse(list));
        Assert.Equal(EngineErrorKind.Invalid, refused.Kind);
        Assert.Contains(reason, refused.Message, StringComparison.Ordinal);
        Assert.Contains("egress allow pattern \"", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void LengthsAreBounded()
    {
        string label = new('a', 63);
        Assert.Single(EgressPolicy.Parse($"{label}.test").Patterns);
        Assert.Throws<EngineException>(() => EgressPolicy.Parse($"a{label}.test"));
        Assert.Throws<EngineException>(() => EgressPolicy.Parse(string.Join('.', Enumerable.Repeat(label, 4)) + ".test"));
        Assert.Throws<EngineException>(() => EgressPolicy.Parse([]));
        Assert.Equal(1024, EgressPolicy.Parse(Enumerable.Range(0, 1024).Select(i => $"a{i}.test")).Patterns.Count);
        Assert.Throws<EngineException>(() => EgressPolicy.Parse(Enumerable.Range(0, 1025).Select(i => $"a{i}.test")));
    }

    [Fact]
    public void MatchingIsThatOfLabels() =>
        Gen.Select(Gen.Int[0, 2].Array[1, 4], Gen.Int[0, 2].Array[1, 3], Gen.Bool).Sample((name, pattern, star) =>
        {
            static string Text(int[] labels) => string.Join('.', labels.Select(l => "abc"[l]));
            bool expected = star ? name.Length > pattern.Length && name[^pattern.Length..].SequenceEqual(pattern) : name.SequenceEqual(pattern);
            Assert.Equal(expected, EgressPolicy.Parse((star ? "*." : "") + Text(pattern)).Allows(Text(name)));
        });

    [Fact]
    public void ALoopOfRefusalsIsReportedTenTimesAndThenOnceASecond()
    {
        var limit = new ReportLimit();
        long now = 5 * TimeSpan.TicksPerSecond;
        Assert.Equal(10, Enumerable.Range(0, 1000).Count(_ => limit.Passes(now, out int _)));
        Assert.True(limit.Passes(now + TimeSpan.TicksPerSecond, out int held));
        Assert.Equal(990, held);
        Assert.False(limit.Passes(now + TimeSpan.TicksPerSecond, out _));
        Assert.Equal(10, Enumerable.Range(0, 1000).Count(_ => limit.Passes(now + TimeSpan.TicksPerHour, out int _)));
    }
}
