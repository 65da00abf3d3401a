using Berth.Daemon.Hosting;

namespace Berth.Daemon.Tests.Hosting;

public sealed class GroupFileTests
{
    [Fact]
    public void FindsTheNumberOfAName()
    {
        string path = Path.GetTempFileName();
        File.WriteAllText(path, "root:x:0:\ndockers:x:5:\nbroken\ndocker:x:998:a,b\ndocker:x:7:\n");
        Assert.Equal(998u, GroupFile.FindGid(path, "docker"));
        Assert.Null(GroupFile.FindGid(path, "berth"));
        Assert.Null(GroupFile.FindGid(path, "broken"));
        File.Delete(path);
    }

    [Fact]
    public void NoFileHasNoGroups() => Assert.Null(GroupFile.FindGid("/nonexistent", "root"));
}
