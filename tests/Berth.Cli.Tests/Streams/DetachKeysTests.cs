using Berth.Cli.Specs;
using Berth.Cli.Streams;

using CsCheck;

namespace Berth.Cli.Tests.Streams;

public sealed class DetachKeysTests
{
    [Theory]
    [InlineData("", new byte[] { 16, 17 })]
    [InlineData("ctrl-p,ctrl-q", new byte[] { 16, 17 })]
    [InlineData("ctrl-@,ctrl-_", new byte[] { 0, 31 })]
    [InlineData("a,DEL,ctrl-\\", new byte[] { 97, 127, 28 })]
    public void AreRead(string text, byte[] keys) => Assert.Equal(keys, DetachKeys.Parse(text));

    [Theory]
    [InlineData("zzz")]
    [InlineData("ctrl-1")]
    [InlineData("a,")]
    public void MalformedAreRefused(string text) => Assert.StartsWith($"invalid detach keys ({text}): Unknown character: ", Assert.Throws<SpecException>(() => DetachKeys.Parse(text)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("abc", "abc", false)]
    [InlineData("a\u0010\u0011b", "a", true)]
    [InlineData("a\u0010b", "a\u0010b", false)]
    [InlineData("\u0010\u0010\u0011", "\u0010", true)]
    [InlineData("\u0010", "", false)]
    public void AreFoundAmongWhatIsTyped(string typed, string sent, bool found)
    {
        var passed = new List<byte>();
        Assert.Equal(found, new DetachKeys(DetachKeys.Default).Watch(typed.Select(c => (byte)c).ToArray(), passed.Add));
        Assert.Equal(sent, string.Concat(passed.Select(b => (char)b)));
    }

    /// <summary>However the keys arrive, the same are sent.</summary>
    [Fact]
    public void CutsDoNotMatter() => Gen.Select(Gen.Byte[15, 18].Array[0, 12], Gen.Int[0, 12]).Sample((typed, cut) =>
    {
        cut = Math.Min(cut, typed.Length);
        var whole = new List<byte>();
        var parts = new List<byte>();
        bool found = new DetachKeys(DetachKeys.Default).Watch(typed, whole.Add);
        var second = new DetachKeys(DetachKeys.Default);
        bool foundInParts = second.Watch(typed.AsSpan(0, cut), parts.Add) || second.Watch(typed.AsSpan(cut), parts.Add);
        return found == foundInParts && whole.SequenceEqual(parts);
    });
}
