namespace Berth.Linux.Polling;

internal sealed class HangupWatch(HangupWatcher watcher, int socket, ulong token) : IDisposable
{
    private bool _ended;

    public void Dispose()
    {
        if (!_ended)
        {
            _ended = true;
            watcher.End(socket, token);
        }
    }
}
