using Berth.Oci.Digests;

namespace Berth.Oci.Tests.Digests;

public sealed class DigestTests
{
    private const string Empty = "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    [Fact]
    public void BytesHaveADigest() => Assert.Equal(Empty, Digest.Of([]).ToString());

    [Theory]
    [InlineData("sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b85")]
    [InlineData("sha256:E3B0C44298FC1C149AFBF4C8996FB92427AE41E4649B934CA495991B7852B855")]
    [InlineData("sha512:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")]
    [InlineData("sha256:../../../../../../../../../../../../../../../../../../../../../etc")]
    [InlineData("")]
    [InlineData(null)]
    public void OthersAreNone(string? text) => Assert.False(Digest.TryParse(text, out _));

    [Fact]
    public void ItIsParsedAndShortened()
    {
        Digest digest = Digest.Parse(Empty);
        Assert.Equal("e3b0c44298fc", digest.Short);
        Assert.Equal(digest, Digest.FromHash(Convert.FromHexString(digest.Hex)));
        Assert.Throws<InvalidOperationException>(() => default(Digest).ToString());
    }
}
