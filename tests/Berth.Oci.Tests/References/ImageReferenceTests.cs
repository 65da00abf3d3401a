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
    [InlineData("[::1]:5000/x", "[::1]:5000/x", "[::1]:5000/x")]
    [InlineData("[::1]/x@sha256:" + Hex, "[::1]/x@sha256:" + Hex, "[::1]/x@sha256:" + Hex)]
    [InlineData("192.168.0.1:80/x", "192.168.0.1:80/x", "192.168.0.1:80/x")]
    [InlineData("localhost:5000", "docker.io/library/localhost:5000", "localhost:5000")]
    [InlineData("localhost", "docker.io/library/localhost", "localhost")]
    [InlineData("docker.io:443/x", "docker.io:443/x", "docker.io:443/x")]
    [InlineData("index.docker.io/x", "docker.io/library/x", "x")]
    [InlineData("xn--n3h.com/x", "xn--n3h.com/x", "xn--n3h.com/x")]
    [InlineData("a.b/x", "a.b/x", "a.b/x")]
    [InlineData("docker.io/localhost/x", "docker.io/localhost/x", "docker.io/localhost/x")]
    [InlineData("docker.io/a.b/x:t", "docker.io/a.b/x:t", "docker.io/a.b/x:t")]
    [InlineData("docker.io/" + Hex, "docker.io/library/" + Hex, "docker.io/library/" + Hex)]
    [InlineData("user/" + Hex, "docker.io/user/" + Hex, "user/" + Hex)]
    [InlineData(Hex + ":t", "docker.io/library/" + Hex + ":t", "docker.io/library/" + Hex + ":t")]
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
    [InlineData("a-/x")]
    [InlineData("a.-b/x")]
    [InlineData("a..b/x")]
    [InlineData(".a/x")]
    [InlineData("a./x")]
    [InlineData("[]/x")]
    [InlineData("[::1]x/x")]
    [InlineData("[::1]:/x")]
    [InlineData("[::g]/x")]
    [InlineData("[fe80::1%eth0]/x")]
    [InlineData("::1/x")]
    [InlineData("a_b.c/x")]
    [InlineData("localhost/")]
    [InlineData("docker.io/")]
    [InlineData("a/b/")]
    [InlineData("a+b")]
    [InlineData("a-_b")]
    [InlineData("app:tag/x")]
    [InlineData("app:täg")]
    [InlineData("app@sha256:" + Hex + "@sha256:" + Hex)]
    [InlineData("app@sha256:" + Hex + ":tag")]
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
    [InlineData("Foo:B:C", "repository name (library/Foo) must be lowercase")]
    [InlineData("app@sha256:0123", "invalid reference format")]
    [InlineData("app@sha256:" + Hex + "0", "invalid checksum digest length")]
    [InlineData("app@sha256:A123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef", "invalid checksum digest format")]
    [InlineData("app@md5:" + Hex, "unsupported digest algorithm")]
    [InlineData("app@sha512:" + Hex + Hex, "unsupported digest algorithm")]
    [InlineData("app@sha256+b64u.x:" + Hex, "unsupported digest algorithm")]
    [InlineData("app@2sha:" + Hex, "invalid reference format")]
    public void TheReasonIsDockers(string text, string why) =>
        Assert.Contains(why, Assert.Throws<FormatException>(() => ImageReference.Parse(text)).Message, StringComparison.Ordinal);

    [Fact]
    public void LengthsAreLimited()
    {
        Assert.True(ImageReference.TryParse("a/" + new string('b', 253), out _));
        Assert.False(ImageReference.TryParse("a/" + new string('b', 254), out _));
        Assert.False(ImageReference.TryParse(new string('b', 248), out _)); // with "library/"
        Assert.True(ImageReference.TryParse(new string('b', 247), out _));
        Assert.True(ImageReference.TryParse(new string('h', 300) + ".x/" + new string('b', 255), out _));
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
    public void AnyTextIsAReferenceOrAReason() => Gen.String[Gen.Char["abAB01._-/:@[] \0äÉsh+"], 0, 40].Sample(IsReferenceOrReason);

    /// <summary>Any bytes at all, as a client may send them, and good references with a few of their characters changed.</summary>
    [Fact]
    public void AnyBytesAreAReferenceOrAReason()
    {
        Gen.Byte.Array[0, 600].Select(bytes => System.Text.Encoding.Latin1.GetString(bytes)).Sample(IsReferenceOrReason);
        Gen.Char.Array[0, 100].Select(chars => new string(chars)).Sample(IsReferenceOrReason);
        Gen.Select(Reference, Gen.Int[0, 200], Gen.Char["@:/.-_[]A0a\uD800\0"], Gen.Bool).Select(
            (text, at, with, inserts) => text[..Math.Min(at, text.Length)] + with + text[Math.Min(at + (inserts ? 0 : 1), text.Length)..]).Sample(IsReferenceOrReason);
    }

    /// <summary>The grammar as distribution writes it down, in one regular expression.</summary>
    [Fact]
    public void ItAgreesWithTheGrammarsRegularExpression()
    {
        const string Component = "(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9])";
        const string Path = "[a-z0-9]+(?:(?:[._]|__|[-]+)[a-z0-9]+)*";
        var grammar = new System.Text.RegularExpressions.Regex(
            $@"\A(?:(?:{Component}(?:\.{Component})*|\[(?:[a-fA-F0-9:]+)\])(?::[0-9]+)?/)?(?<path>{Path}(?:/{Path})*)(?::[0-9A-Za-z_][0-9A-Za-z_.-]{{0,127}})?(?:@sha256:[0-9a-f]{{64}})?\z",
            System.Text.RegularExpressions.RegexOptions.CultureInvariant);
        Gen.OneOf(Reference, Gen.String[Gen.Char["abA0._-/:[]"], 1, 20]).Sample(text =>
        {
            // What stands before a slash is only a domain where it cannot be a path, so the expression is asked of the canonical spelling.
            int slash = text.IndexOf('/', StringComparison.Ordinal);
            bool hasDomain = slash >= 0 && (text[..slash].Any(c => c is '.' or ':' || char.IsUpper(c)) || text[..slash] == "localhost");
            string canonical = hasDomain ? text : slash < 0 ? "docker.io/library/" + text : "docker.io/" + text;
            Assert.Equal(grammar.IsMatch(canonical), ImageReference.TryParse(text, out _));
        });
    }

    private static void IsReferenceOrReason(string text)
    {
        if (ImageReference.TryParse(text, out ImageReference? reference))
        {
            Assert.Equal(reference, ImageReference.Parse(reference.ToString()));
            Assert.Equal(reference, ImageReference.Parse(reference.Familiar));
            Assert.DoesNotContain("..", reference.Path.Split('/'));
            Assert.True(reference.Path.Length <= 255);
        }
        else
        {
            Assert.NotEmpty(Assert.Throws<FormatException>(() => ImageReference.Parse(text)).Message);
        }
    }

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
