using Berth.Linux.Files;
using Berth.Linux.Interop;

namespace Berth.Linux.Mounts;

/// <summary>A file or folder seen through a mount of its own that is read-only and in no namespace. What is executed from it can be opened for writing by nobody.</summary>
public static unsafe class ReadOnlyView
{
    /// <summary>Makes the view. open_tree(2) with OPEN_TREE_CLONE, mount_setattr(2).</summary>
    /// <param name="file">What to see; O_PATH will do.</param>
    /// <param name="name">What an error calls it.</param>
    /// <returns>A descriptor of the same file; the mount lives as long as it, or what was executed from it, does.</returns>
    public static FileDescriptor Of(FileDescriptor file, string name)
    {
        fixed (byte* empty = "\0"u8) // of an empty span the pointer would be null
        {
            nint fd = Libc.open_tree(Libc.SYS_open_tree, file.Number, empty, Libc.OPEN_TREE_CLONE | Libc.O_CLOEXEC | Libc.AT_EMPTY_PATH);
            if (fd < 0)
            {
                throw LinuxException.Last("open_tree", name);
            }

            var view = new FileDescriptor((int)fd);
            var attributes = new Libc.mount_attr { attr_set = Libc.MOUNT_ATTR_RDONLY, propagation = Libc.MS_PRIVATE };
            if (Libc.mount_setattr(Libc.SYS_mount_setattr, view.Number, empty, Libc.AT_EMPTY_PATH, &attributes, sizeof(Libc.mount_attr)) < 0)
            {
                LinuxException failure = LinuxException.Last("mount_setattr", $"the view of {name}");
                view.Dispose();
                throw failure;
            }

            return view;
        }
    }
}
