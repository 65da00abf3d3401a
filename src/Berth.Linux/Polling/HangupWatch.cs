using Berth.Linux.Files;

namespace Berth.Linux.Polling;

internal sealed class HangupWatch(HangupWatcher watcher, FileDescriptor duplicate, ulong token) : IDisposable
{
    private bool _ended;

    public void Dispose()
    {
        if (!_ended)
        {
            _ended = true;
            watcher.End(duplicate, token);
        }
    }
}
