using System.Runtime.InteropServices;

using Berth.Linux.Files;
using Berth.Linux.Interop;

namespace Berth.Linux.Notify;

/// <summary>
/// Tells when files in folders are written to, made or renamed: inotify(7), one instance and one thread for all. The thread starts with the
/// first watch, so a program that never watches pays nothing.
/// </summary>
public sealed unsafe class FolderWatcher : IDisposable
{
    private readonly Lock _lock = new();
    private readonly Dictionary<int, Watch> _watches = [];
    private FileDescriptor? _inotify;
    private volatile bool _disposed;

    /// <summary>Calls back on each change until the returned object is disposed. Callbacks must be quick: they run on the one thread.</summary>
    public IDisposable Add(string folder, Action changed)
    {
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            FileDescriptor inotify = _inotify ??= Start();
            int descriptor;
            fixed (byte* path = CString.Of(folder))
            {
                descriptor = Libc.inotify_add_watch(inotify.Number, path, Libc.IN_MODIFY | Libc.IN_CREATE | Libc.IN_MOVED_FROM | Libc.IN_MOVED_TO);
            }

            if (descriptor < 0)
            {
                throw LinuxException.Last("inotify_add_watch", folder);
            }

            if (!_watches.TryGetValue(descriptor, out Watch? watch))
            {
                _watches[descriptor] = watch = new Watch();
            }

            watch.Callbacks = [.. watch.Callbacks, changed];
            return new Subscription(this, descriptor, watch, changed);
        }
    }

    /// <summary>Ends the thread.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            _disposed = true;
            _watches.Clear();
            if (_inotify is null)
            {
                return;
            }

            // The end of a watch is an event too (IN_IGNORED): it wakes the thread, which then closes the instance.
            fixed (byte* path = CString.Of("/"))
            {
                _ = Libc.inotify_rm_watch(_inotify.Number, Libc.inotify_add_watch(_inotify.Number, path, Libc.IN_DELETE_SELF));
            }

            _inotify = null;
        }
    }

    private FileDescriptor Start()
    {
        int fd = Libc.inotify_init1(Libc.IN_CLOEXEC);
        FileDescriptor inotify = fd >= 0 ? new FileDescriptor(fd) : throw LinuxException.Last("inotify_init1", "");
        new Thread(() => Run(inotify)) { IsBackground = true, Name = "inotify" }.Start();
        return inotify;
    }

    private void Remove(int descriptor, Watch watch, Action changed)
    {
        lock (_lock)
        {
            int at = Array.IndexOf(watch.Callbacks, changed);
            if (at < 0)
            {
                return;
            }

            watch.Callbacks = [.. watch.Callbacks[..at], .. watch.Callbacks[(at + 1)..]];
            if (watch.Callbacks.Length == 0 && _inotify is { } inotify && _watches.Remove(descriptor))
            {
                _ = Libc.inotify_rm_watch(inotify.Number, descriptor); // EINVAL: the folder is gone, and the watch with it
            }
        }
    }

    private void Run(FileDescriptor inotify)
    {
        const int Size = 64 * 1024;
        byte* buffer = (byte*)NativeMemory.Alloc(Size);
        try
        {
            while (!_disposed)
            {
                nint length = Libc.read(inotify.Number, buffer, Size);
                if (length <= 0 && Marshal.GetLastPInvokeError() != Errno.EINTR)
                {
                    return;
                }

                for (nint at = 0; at < length;)
                {
                    var entry = (Libc.inotify_event*)(buffer + at);
                    at += sizeof(Libc.inotify_event) + (nint)entry->len;
                    Tell(entry->wd, (entry->mask & Libc.IN_Q_OVERFLOW) != 0);
                }
            }
        }
        finally
        {
            NativeMemory.Free(buffer);
            inotify.Dispose();
        }
    }

    // After an overflow nobody knows what changed, so everybody looks.
    private void Tell(int descriptor, bool all)
    {
        Watch[] watches;
        lock (_lock)
        {
            watches = all ? [.. _watches.Values] : _watches.TryGetValue(descriptor, out Watch? one) ? [one] : [];
        }

        foreach (Action changed in watches.SelectMany(w => w.Callbacks))
        {
            changed();
        }
    }

    private sealed class Watch
    {
        public Action[] Callbacks { get; set; } = [];
    }

    private sealed class Subscription(FolderWatcher owner, int descriptor, Watch watch, Action changed) : IDisposable
    {
        public void Dispose() => owner.Remove(descriptor, watch, changed);
    }
}
