using Berth.Oci.References;

using CsCheck;

namespace Berth.Oci.Tests.References;

public sealed class ImageReferenceTests
{
    private const string Hex = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

    [Theory]
    [InlineData("busybox", "docker.io/library/busybox", "busybox")]
    [InlineData("busybox:1.36", "docker.io/library/busybox:1.36", "busybox:1.36")]
    [InlineData("library/busybox", "docker.io/library/busybox", "busybox")]
    [InlineData("docker.io/busybox", "docker.io/library/busybox", "busybox")]
    [InlineData("index.docker.io/library/busybox", "docker.io/library/busybox", "busybox")]
    [InlineData("user/app:v1", "docker.io/user/app:v1", "user/app:v1")]
    [InlineData("library/a/b", "docker.io/library/a/b", "library/a/b")]
    [InlineData("localhost/app", "localhost/app", "localhost/app")]
    [InlineData("localhost:5000/app", "localhost:5000/app", "localhost:5000/app")]
    [InlineData("registry.example.com:443/a/b/c:t", "registry.example.com:443/a/b/c:t", "registry.example.com:443/a/b/c:t")]
    [InlineData("[2001:db8::1]:5000/app:t", "[2001:db8::1]:5000/app:t", "[2001:db8::1]:5000/app:t")]
    [InlineData("Host/app", "Host/app", "Host/app")]
    [InlineData("a/b-c__d.e_f", "docker.io/a/b-c__d.e_f", "a/b-c__d.e_f")]
    [InlineData("a---b", "docker.io/library/a---b", "a---b")]
    [InlineData("app:Tag_1.2-x", "docker.io/library/app:Tag_1.2-x", "app:Tag_1.2-x")]
    [InlineData("app@sha256:" + Hex, "docker.io/library/app@sha256:" + Hex, "app@sha256:" + Hex)]
    [InlineData("app:1@sha256:" + Hex, "docker.io/library/app:1@sha256:" + Hex, "app:1@sha256:" + Hex)]
    public void GoodReferencesHaveACanonicalAndAFamiliarForm(string text, string canonical, string familiar)
    {
        ImageReference reference = ImageReference.Parse(text);
        Assert.Equal((canonical, familiar), (reference.ToString(), reference.Familiar));
    }

    [Theory]
    [InlineData("")]
    [InlineData(":tag")]
    [InlineData("@sha256:" + Hex)]
    [InlineData("app:")]
    [InlineData("app@")]
    [InlineData("app@sha256:" + "0123")]
    [InlineData("app@md5:" + Hex)]
    [InlineData("app:-x")]
    [InlineData("app:.x")]
    [InlineData("app:a:b")]
    [InlineData("-app")]
    [InlineData("app-")]
    [InlineData("a..b")]
    [InlineData("a___b")]
    [InlineData("a._b")]
    [InlineData("a//b")]
    [InlineData("/a")]
    [InlineData("a/")]
    [InlineData("../a")]
    [InlineData("a/../b")]
    [InlineData("a b")]
    [InlineData("ä")]
    [InlineData("host:port/app")]
    [InlineData("host:/app")]
    [InlineData("-host.x/app")]
    [InlineData("[::1/app")]
    [InlineData("http://host/app")]
    [InlineData(" app")]
    [InlineData("app\n")]
    public void BadReferencesAreRefused(string text)
    {
        Assert.False(ImageReference.TryParse(text, out _));
        Assert.Throws<FormatException>(() => ImageReference.Parse(text));
    }

    [Theory]
    [InlineData("Busybox", "must be lowercase")]
    [InlineData("user/App:1", "must be lowercase")]
    [InlineData(Hex, "cannot specify 64-byte hexadecimal strings")]
    [InlineData("a?b", "invalid reference format")]
    public void TheReasonIsDockers(string text, string why) =>
        Assert.Contains(why, Assert.Throws<FormatException>(() => ImageReference.Parse(text)).Message, StringComparison.Ordinal);

    [Fact]
    public void LengthsAreLimited()
    {
        Assert.True(ImageReference.TryParse("a/" + new string('b', 253), out _));
        Assert.False(ImageReference.TryParse("a/" + new string('b', 254), out _));
        Assert.True(ImageReference.TryParse("a:" + new string('t', 128), out _));
        Assert.False(ImageReference.TryParse("a:" + new string('t', 129), out _));
    }

    [Fact]
    public void TheDefaultTagIsAddedOnlyWhereNothingIsSaid()
    {
        Assert.Equal("docker.io/library/a:latest", ImageReference.Parse("a").WithDefaultTag().ToString());
        Assert.Equal("docker.io/library/a:1", ImageReference.Parse("a:1").WithDefaultTag().ToString());
        Assert.Equal("docker.io/library/a@sha256:" + Hex, ImageReference.Parse("a@sha256:" + Hex).WithDefaultTag().ToString());
    }

    /// <summary>Both printed forms mean the same reference again.</summary>
    [Fact]
    public void PrintingAndParsingAgree() => Reference.Sample(text =>
    {
        ImageReference reference = ImageReference.Parse(text);
        Assert.Equal(reference, ImageReference.Parse(reference.ToString()));
        Assert.Equal(reference, ImageReference.Parse(reference.Familiar));
    });

    [Fact]
    public void AnyTextIsAReferenceOrAReason() => Gen.String[Gen.Char["abAB01._-/:@[] \0äsh"], 0, 40].Sample(text =>
    {
        if (ImageReference.TryParse(text, out ImageReference? reference))
        {
            Assert.Equal(reference, ImageReference.Parse(reference.ToString()));
            Assert.DoesNotContain("..", reference.Path.Split('/'));
        }
        else
        {
            Assert.NotEmpty(Assert.Throws<FormatException>(() => ImageReference.Parse(text)).Message);
        }
    });

    private static Gen<string> OneOf(params string[] values) => Gen.Int[0, values.Length - 1].Select(i => values[i]);

    private static readonly Gen<string> Component =
        from runs in Gen.String[Gen.Char["abz019"], 1, 6].Array[1, 3]
        from separator in OneOf(".", "_", "__", "-", "---")
        select string.Join(separator, runs);

    private static readonly Gen<string> Reference =
        from domain in OneOf("", "localhost/", "host.example/", "h:80/", "[::1]:5000/", "HOST/")
        from parts in Component.Array[1, 4]
        from tag in Gen.OneOf(Gen.Const(""), Gen.String[Gen.Char["aZ9_"], 1, 10].Select(t => ":" + t))
        from digest in OneOf("", "@sha256:" + Hex)
        select domain + string.Join('/', parts) + tag + digest;
}
