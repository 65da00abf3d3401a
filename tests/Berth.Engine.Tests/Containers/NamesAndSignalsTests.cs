using Berth.Engine.Containers;
using Berth.Storage;

using CsCheck;

namespace Berth.Engine.Tests.Containers;

public sealed class NamesAndSignalsTests
{
    [Theory]
    [InlineData("web")]
    [InlineData("/web")]
    [InlineData("0.a_b-C")]
    public void GoodNamesLoseTheirSlash(string name) => Assert.Equal(name.TrimStart('/'), ContainerNames.Check(name));

    [Theory]
    [InlineData("")]
    [InlineData("a")]
    [InlineData("../up")]
    [InlineData("-x")]
    [InlineData("a b")]
    [InlineData("a/b")]
    [InlineData("größe")]
    public void BadNamesAreRefusedInDockersWords(string name)
    {
        EngineException e = Assert.Throws<EngineException>(() => ContainerNames.Check(name));
        Assert.Equal(EngineErrorKind.Invalid, e.Kind);
        Assert.Equal($"Invalid container name ({name}), only [a-zA-Z0-9][a-zA-Z0-9_.-] are allowed", e.Message);
    }

    [Fact]
    public void MadeUpNamesAreGoodNames() =>
        Gen.Select(Gen.Int, Gen.Int[0, 6]).Sample((seed, attempt) => ContainerNames.Check(ContainerNames.MakeUp(new Random(seed), attempt)).Contains('_'));

    [Fact]
    public void ATakenNameNamesItsOwner() => Assert.Equal(
        "Conflict. The container name \"/web\" is already in use by container \"abc\". You have to remove (or rename) that container to be able to reuse that name.",
        ContainerNames.Taken("web", "abc").Message);

    [Theory]
    [InlineData("9", 9)]
    [InlineData("KILL", 9)]
    [InlineData("sigterm", 15)]
    [InlineData("SIGWINCH", 28)]
    [InlineData("RTMIN", 34)]
    [InlineData("SIGRTMIN+3", 37)]
    [InlineData("RTMAX-1", 63)]
    public void SignalsHaveNamesAndNumbers(string text, int number) => Assert.Equal(number, Signals.Parse(text));

    [Theory]
    [InlineData("0")]
    [InlineData("65")]
    [InlineData("SIGNOPE")]
    [InlineData("RTMIN+31")]
    [InlineData("")]
    public void OtherSignalsAreRefused(string text) => Assert.Equal($"invalid signal: {text}", Assert.Throws<EngineException>(() => Signals.Parse(text)).Message);

    [Fact]
    public void IdsAreHexAndNeverLookLikeNumbers()
    {
        var ids = new HashSet<string>();
        for (int i = 0; i < 2000; i++)
        {
            string id = ObjectId.New();
            Assert.Equal(64, id.Length);
            Assert.False(id.AsSpan().ContainsAnyExcept("0123456789abcdef"));
            Assert.True(id.AsSpan(0, 12).ContainsAnyExceptInRange('0', '9'));
            Assert.True(ids.Add(id));
        }
    }
}
