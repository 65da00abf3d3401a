using System.Runtime.InteropServices;

namespace Berth.Daemon.Hosting;

/// <summary>Waits for the signals that end a daemon.</summary>
internal sealed class StopSignals : IDisposable
{
    private readonly TaskCompletionSource<string> _received = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly PosixSignalRegistration[] _registrations;

    public StopSignals() => _registrations =
    [
        PosixSignalRegistration.Create(PosixSignal.SIGTERM, Handle),
        PosixSignalRegistration.Create(PosixSignal.SIGINT, Handle),

        // A daemon started from a terminal outlives it; there is no configuration to read again.
        PosixSignalRegistration.Create(PosixSignal.SIGHUP, static context => context.Cancel = true),
    ];

    /// <summary>Ends with the signal's name.</summary>
    public Task<string> Received => _received.Task;

    public void Dispose() => Array.ForEach(_registrations, static r => r.Dispose());

    private void Handle(PosixSignalContext context)
    {
        context.Cancel = true; // the runtime would end the process
        _received.TrySetResult(context.Signal.ToString());
    }
}
