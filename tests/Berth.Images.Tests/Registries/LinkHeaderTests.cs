using Berth.Images.Registries.Http;

using CsCheck;

namespace Berth.Images.Tests.Registries;

public sealed class LinkHeaderTests
{
    [Theory]
    [InlineData("</v2/_catalog?last=b&n=2>; rel=\"next\"", "/v2/_catalog?last=b&n=2")]
    [InlineData("</a>; rel=prev, </b>; rel=next", "/b")]
    [InlineData("</a>;rel=\"prev\";title=\"x, </no>; rel=next\",<https://h/b,c>; title=\"a\"; REL=\"first NEXT\"", "https://h/b,c")]
    [InlineData("</a>; nofollow; rel=next", "/a")]
    [InlineData("</a>", null)]
    [InlineData("</a>; rel=\"nextpage\"", null)]
    [InlineData("</a; rel=next", null)]
    [InlineData("", null)]
    public void TheNextPageIsFound(string header, string? target) => Assert.Equal(target, LinkHeader.Next([header]));

    [Fact]
    public void SeveralHeadersAreRead() => Assert.Equal("/b", LinkHeader.Next(["</a>; rel=prev", "</b>; rel=next"]));

    [Fact]
    public void NothingMakesItFailOrHang() => Gen.String[Gen.Char["<>a/;=,\" relnxt"], 0, 60].Sample(text => LinkHeader.Next([text]) is null or { Length: < 60 });
}
