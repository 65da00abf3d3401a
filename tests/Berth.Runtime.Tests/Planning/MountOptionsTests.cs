using Berth.Linux.Interop;
using Berth.Runtime.Planning;

namespace Berth.Runtime.Tests.Planning;

public sealed class MountOptionsTests
{
    [Fact]
    public void OptionsAreSortedByWhatTheyAreFor()
    {
        MountOptions options = MountOptions.Parse(["rbind", "ro", "nosuid", "rnoexec", "rslave", "size=5m", "mode=755", "defaults"], "m");
        Assert.True(options.Bind && options.Recursive);
        Assert.Equal(Libc.MS_RDONLY | Libc.MS_NOSUID, options.Set);
        Assert.Equal(Libc.MS_NOEXEC, options.RecursiveSet);
        Assert.Equal((Libc.MS_SLAVE, true), options.Propagation);
        Assert.Equal("size=5m,mode=755", options.Data);
    }

    [Fact]
    public void TheLastWordOnAFlagWins()
    {
        MountOptions options = MountOptions.Parse(["ro", "rw", "suid", "nosuid"], "m");
        Assert.Equal((Libc.MS_NOSUID, Libc.MS_RDONLY), (options.Set, options.Cleared));
    }

    [Theory]
    [InlineData(new[] { "noatime" }, Libc.MOUNT_ATTR_NOATIME, Libc.MOUNT_ATTR__ATIME)]
    [InlineData(new[] { "relatime" }, 0u, Libc.MOUNT_ATTR__ATIME)]
    [InlineData(new[] { "strictatime", "nodev" }, Libc.MOUNT_ATTR_STRICTATIME | Libc.MOUNT_ATTR_NODEV, Libc.MOUNT_ATTR__ATIME)]
    [InlineData(new[] { "rw", "dev" }, 0u, Libc.MOUNT_ATTR_RDONLY | Libc.MOUNT_ATTR_NODEV)]
    [InlineData(new[] { "nosymfollow" }, Libc.MOUNT_ATTR_NOSYMFOLLOW, 0u)]
    public void FlagsBecomeAttributes(string[] given, uint set, uint clear)
    {
        MountOptions options = MountOptions.Parse(given, "m");
        Assert.Equal((set, clear), MountOptions.AttributesOf(options.Set, options.Cleared));
    }
}
