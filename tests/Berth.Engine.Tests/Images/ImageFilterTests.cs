using Berth.Engine.Images;
using Berth.Images;
using Berth.Oci.Digests;

namespace Berth.Engine.Tests.Images;

/// <summary>The reference filter of a list of images.</summary>
public sealed class ImageFilterTests
{
    private static readonly string Content = Digest.Of("x"u8).ToString();

    private static readonly ImageSummary Pushed = Image(["busybox:latest", "127.0.0.1:5000/bb:1"], [$"127.0.0.1:5000/bb@{Content}"]);

    [Theory]
    [InlineData("busybox", "busybox:latest", false)]
    [InlineData("busybox:latest", "busybox:latest", false)]
    [InlineData("127.0.0.1:5000/bb", "127.0.0.1:5000/bb:1", true)]
    [InlineData("127.0.0.1:5000/bb:1", "127.0.0.1:5000/bb:1", true)]
    public void TagsAndDigestsAreFilteredAlike(string pattern, string tag, bool hasDigest)
    {
        ImageFilter filter = Reference(pattern);
        Assert.True(filter.Admits(Pushed));
        ImageSummary shown = filter.Shown(Pushed);
        Assert.Equal([tag], shown.RepoTags);
        Assert.Equal(hasDigest ? Pushed.RepoDigests : [], shown.RepoDigests);
    }

    [Fact]
    public void AnImageWithADigestAloneIsFoundByItsRepository()
    {
        ImageSummary image = Image([], [$"busybox@{Content}"]);
        Assert.True(Reference("busybox").Admits(image));
        Assert.Equal(image.RepoDigests, Reference("busybox").Shown(image).RepoDigests);
        Assert.False(Reference("debian").Admits(image));
    }

    [Fact]
    public void WithoutTheFilterAllNamesAreShown() => Assert.Same(Pushed, ImageFilter.Of(Filters.None, null!).Shown(Pushed));

    private static ImageFilter Reference(string pattern) => ImageFilter.Of(Filters.Parse($$"""{"reference":["{{pattern}}"]}"""), null!); // no store: only before and since ask it

    private static ImageSummary Image(IReadOnlyList<string> tags, IReadOnlyList<string> digests) =>
        new(Digest.Of("image"u8), DateTimeOffset.UnixEpoch, 1, tags, digests, new Dictionary<string, string>(), 0);
}
