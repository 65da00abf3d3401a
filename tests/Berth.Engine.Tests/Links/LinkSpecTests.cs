using Berth.Engine.Links;
using Berth.Storage;

namespace Berth.Engine.Tests.Links;

public sealed class LinkSpecTests
{
    [Theory]
    [InlineData("db", "db", "db")]
    [InlineData("db:sql", "db", "sql")]
    [InlineData("/db", "db", "db")]
    [InlineData("/db:/web/sql", "db", "sql")]
    [InlineData("db:my-db.x", "db", "my-db.x")]
    public void AllFormsAreRead(string text, string target, string alias) => Assert.Equal(new LinkSpec(target, alias), LinkSpec.Parse(text));

    [Theory]
    [InlineData("", "empty string specified for links")]
    [InlineData("a:b:c", "bad format for links: a:b:c")]
    [InlineData(":", "bad format for links: :")]
    [InlineData("db:", "bad alias \"\"")]
    [InlineData("db:a b", "bad alias")]
    [InlineData("db:a\nb", "bad alias")]
    [InlineData("db:a/b", "bad alias")]
    [InlineData("db:a=b", "bad alias")]
    [InlineData("db:#", "bad alias")]
    public void OthersAreRefused(string text, string message) =>
        Assert.Contains(message, Assert.Throws<EngineException>(() => LinkSpec.Parse(text)).Message, StringComparison.Ordinal);

    [Fact]
    public void AnAliasHasOneMeaning()
    {
        Assert.Equal([new LinkSpec("db", "a"), new LinkSpec("db", "b")], LinkSpec.ParseAll(["db:a", "db:b", "/db:/web/a"]));
        Assert.Equal(
            "the link alias \"a\" is given to more than one container (db, other): every alias may be used once",
            Assert.Throws<EngineException>(() => LinkSpec.ParseAll(["db:a", "other:a"])).Message);
    }
}
