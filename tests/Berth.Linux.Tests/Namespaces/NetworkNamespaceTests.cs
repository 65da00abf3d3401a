using Berth.Linux.Files;
using Berth.Linux.Interop;
using Berth.Linux.Namespaces;

namespace Berth.Linux.Tests.Namespaces;

public sealed class NetworkNamespaceTests
{
    private static string Name(FileDescriptor space) => File.ResolveLinkTarget($"/proc/self/fd/{space.Number}", false)!.Name;

    [Fact]
    public void ANewOneIsAnotherAndTheCallerStaysWhereHeWas()
    {
        using FileDescriptor before = NetworkNamespace.OpenCurrent();
        using FileDescriptor made = NetworkNamespace.Create();
        using FileDescriptor after = NetworkNamespace.OpenCurrent();
        using FileDescriptor inside = NetworkNamespace.Run(made, NetworkNamespace.OpenCurrent);
        using FileDescriptor own = NetworkNamespace.OpenOf(Environment.ProcessId);
        Assert.NotEqual(Name(before), Name(made));
        Assert.Equal(Name(before), Name(after));
        Assert.Equal(Name(made), Name(inside));
        Assert.Equal(Name(before), Name(own));
    }

    [Fact]
    public void WhatFailsInsideComesOut()
    {
        using FileDescriptor made = NetworkNamespace.Create();
        Assert.Throws<InvalidDataException>(() => NetworkNamespace.Run<int>(made, () => throw new InvalidDataException()));
        using FileDescriptor noNamespace = FileDescriptor.Open("/dev/null", Libc.O_RDONLY);
        Assert.Equal("setns", Assert.Throws<LinuxException>(() => NetworkNamespace.Run(noNamespace, () => 0)).Call);
    }
}
