using Berth.Engine.Spec;
using Berth.Oci.Runtime;
using Berth.Storage;

using CsCheck;

namespace Berth.Engine.Tests.Spec;

public sealed class UserResolutionTests
{
    private static readonly UserDatabase Image = UserDatabase.Parse(
        "root:x:0:0:root:/root:/bin/sh\n# comment\nbroken\napp:x:1000:1000::/home/app:\n4242:x:7:8::/seven:/bin/sh\nnohome:x:9:9:::\n",
        "root:x:0:\nwheel:x:10:root,app\naudio:x:29:app\nbad:x:zz:\n5555:x:55:");

    [Theory]
    [InlineData(null, 0, 0, "0,10", "/root")]
    [InlineData("", 0, 0, "0,10", "/root")]
    [InlineData("app", 1000, 1000, "1000,10,29", "/home/app")]
    [InlineData("1000", 1000, 1000, "1000,10,29", "/home/app")]
    [InlineData("app:audio", 1000, 29, "29", "/home/app")]
    [InlineData("app:77", 1000, 77, "77", "/home/app")]
    [InlineData("123", 123, 0, "0", "/")]
    [InlineData("4242", 7, 8, "8", "/seven")] // a name first, even if it is a number
    [InlineData("nohome", 9, 9, "9", "/")]
    [InlineData(":5555", 0, 55, "55", "/root")]
    public void UsersAreFound(string? text, uint uid, uint gid, string groups, string home)
    {
        (User user, string found) = UserResolution.Resolve(text, null, Image);
        Assert.Equal((uid, gid, groups, home), (user.Uid, user.Gid, string.Join(',', user.AdditionalGids!), found));
    }

    [Fact]
    public void GroupsAreAdded() => Assert.Equal([1000u, 10, 29, 500], UserResolution.Resolve("app", ["audio", "500"], Image).User.AdditionalGids);

    [Theory]
    [InlineData("nobody", "unable to find user nobody: no matching entries in passwd file")]
    [InlineData("app:nogroup", "unable to find group nogroup: no matching entries in group file")]
    [InlineData("-1", "uids and gids must be in range 0-2147483647")]
    [InlineData("2147483648", "uids and gids must be in range 0-2147483647")]
    public void OthersAreRefused(string text, string message) => Assert.Equal(message, Assert.Throws<EngineException>(() => UserResolution.Resolve(text, null, Image)).Message);

    [Fact]
    public void NumbersNeedNoFiles() => Assert.Equal((5u, 6u), UserResolution.Resolve("5:6", null, UserDatabase.Empty).User is { } u ? (u.Uid, u.Gid) : default);

    [Fact]
    public void AnyTextIsParsedWithoutHarm() =>
        Gen.String[Gen.Char["ab:0,\n#x "], 0, 60].Sample(text => UserDatabase.Parse(text, text).Users.All(u => !u.Name.Contains(':')));
}
