using Berth.Images.Registries.Authorization;

using CsCheck;

namespace Berth.Images.Tests.Registries;

public sealed class AuthenticationChallengeTests
{
    [Fact]
    public void ABearerChallengeIsRead()
    {
        AuthenticationChallenge challenge = Assert.Single(AuthenticationChallenge.Parse(
            ["""Bearer realm="https://auth.docker.io/token",service="registry.docker.io",scope="repository:a/b:pull,push" , error = "insufficient_scope" """]));
        Assert.Equal("bearer", challenge.Scheme);
        Assert.Equal("https://auth.docker.io/token", challenge["realm"]);
        Assert.Equal("registry.docker.io", challenge["SERVICE"]);
        Assert.Equal("repository:a/b:pull,push", challenge["Scope"]);
        Assert.Equal("insufficient_scope", challenge["error"]);
        Assert.Null(challenge["other"]);
    }

    [Theory]
    [InlineData("Basic realm=simple, Bearer realm=\"x\"", "basic bearer")]
    [InlineData("Negotiate, BASIC realm=\"a, Bearer b=c\"", "negotiate basic")]
    [InlineData("Negotiate YWJj==, Basic realm=\"x\"", "negotiate basic")]
    [InlineData("Basic", "basic")]
    [InlineData("", "")]
    [InlineData(" , ,", "")]
    [InlineData("\"", "")]
    public void SeveralMayStandInOneHeader(string header, string schemes) =>
        Assert.Equal(schemes, string.Join(' ', AuthenticationChallenge.Parse([header]).Select(c => c.Scheme)));

    [Fact]
    public void SeveralHeadersAreRead() =>
        Assert.Equal(["basic", "bearer"], AuthenticationChallenge.Parse(["Basic realm=\"a\"", "bearer realm=\"b\\\"c\\\\\""]).Select(c => c.Scheme));

    [Fact]
    public void QuotedPairsLoseTheirBackslash() =>
        Assert.Equal("b\"c\\", AuthenticationChallenge.Parse(["bearer realm=\"b\\\"c\\\\\""])[0]["realm"]);

    [Fact]
    public void WhatIsPrintedIsReadAgain() => Gen.Select(Gen.String[Gen.Char["abZ09-"], 1, 8], Gen.String[0, 20].Where(static v => !v.Contains('\0', StringComparison.Ordinal)).Array[1, 4]).Sample((scheme, values) =>
    {
        string text = $"{scheme} {string.Join(", ", values.Select((v, i) => $"p{i}=\"{v.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\""))}";
        AuthenticationChallenge challenge = AuthenticationChallenge.Parse([text])[0];
        return challenge.Scheme == scheme.ToLowerInvariant() && values.Select((v, i) => challenge[$"P{i}"] == v).All(static same => same);
    });

    [Fact]
    public void NothingMakesItFailOrHang() => Gen.String[Gen.Char["ab=,\" \\\t;<>é"], 0, 60].Sample(text => AuthenticationChallenge.Parse([text]).Count <= text.Length);
}
