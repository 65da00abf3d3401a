namespace Berth.Network.Dns.Serving;

/// <summary>
/// After an error a loop goes on; after many without a success between, with a pause, so that a lasting one (no descriptors left) does not
/// take a processor.
/// </summary>
internal sealed class FaultPause(ClientSession session, string what)
{
    private const int MostAtOnce = 8;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    private int _faults;

    public void Clear() => _faults = 0;

    /// <summary>Reports the first of a row of errors, and waits if there were many. None is thrown.</summary>
    public async ValueTask AfterAsync(Exception fault)
    {
        if (session.Closing.IsCancellationRequested)
        {
            return;
        }

        if (_faults++ == 0)
        {
            session.Report($"DNS over {what} of container {session.Client.ContainerName}: {fault.Message}");
        }

        if (_faults > MostAtOnce)
        {
            await Task.Delay(Pause, session.Closing).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
