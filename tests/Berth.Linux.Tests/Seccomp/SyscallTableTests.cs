using System.Text.RegularExpressions;

using Berth.Linux.Seccomp;

namespace Berth.Linux.Tests.Seccomp;

public sealed partial class SyscallTableTests
{
    private const string Headers = "/usr/include/x86_64-linux-gnu/asm/";

    [Fact]
    public void NamesAreSortedAndOnce()
    {
        string[] names = [.. SyscallTable.Names()];
        Assert.Equal(names.Order(StringComparer.Ordinal).Distinct(), names);
        Assert.InRange(names.Length, 400, 600);
    }

    [Theory]
    [InlineData("read", 0, 3, 0, 63)]
    [InlineData("write", 1, 4, 1, 64)]
    [InlineData("ioctl", 16, 54, 514, 29)]
    [InlineData("execve", 59, 11, 520, 221)]
    [InlineData("openat2", 437, 437, 437, 437)]
    [InlineData("socketcall", -1, 102, -1, -1)]
    [InlineData("open", 2, 5, 2, -1)]
    [InlineData("", -1, -1, -1, -1)]
    [InlineData("rea", -1, -1, -1, -1)]
    [InlineData("readd", -1, -1, -1, -1)]
    [InlineData("zzz", -1, -1, -1, -1)]
    [InlineData("_", -1, -1, -1, -1)]
    [InlineData("a_name_that_is_longer_than_every_system_call", -1, -1, -1, -1)]
    public void NumbersAreTheKernels(string name, int x64, int i386, int x32, int arm64)
    {
        Assert.Equal(x64, SyscallTable.Find(name, SyscallAbi.X64));
        Assert.Equal(i386, SyscallTable.Find(name, SyscallAbi.I386));
        Assert.Equal(x32, SyscallTable.Find(name, SyscallAbi.X32));
        Assert.Equal(arm64, SyscallTable.Find(name, SyscallAbi.Arm64));
    }

    [Theory]
    [InlineData("unistd_64.h", SyscallAbi.X64)]
    [InlineData("unistd_32.h", SyscallAbi.I386)]
    public void TheInstalledHeadersAgree(string header, SyscallAbi abi)
    {
        if (!File.Exists(Headers + header))
        {
            return; // no C library headers here: the numbers above stand for them
        }

        foreach (Match line in Define().Matches(File.ReadAllText(Headers + header)))
        {
            Assert.Equal((line.Groups[1].Value, int.Parse(line.Groups[2].Value)), (line.Groups[1].Value, SyscallTable.Find(line.Groups[1].Value, abi)));
        }
    }

    [GeneratedRegex(@"#define __NR_(\w+) (\d+)")]
    private static partial Regex Define();
}
