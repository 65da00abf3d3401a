using Berth.Linux.Interop;

namespace Berth.Linux.Files;

/// <summary>Second descriptors of the same open file.</summary>
public static class DescriptorCopy
{
    /// <summary>A copy, close-on-exec, whose number is at least <paramref name="minimum"/>. fcntl(2), F_DUPFD_CLOEXEC.</summary>
    public static FileDescriptor AtLeast(FileDescriptor descriptor, int minimum)
    {
        int fd = Libc.fcntl(descriptor.Number, Libc.F_DUPFD_CLOEXEC, minimum);
        return fd >= 0 ? new FileDescriptor(fd) : throw LinuxException.Last("fcntl", "F_DUPFD_CLOEXEC");
    }
}
