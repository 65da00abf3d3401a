namespace Berth.Network.Sandboxes;

/// <summary>Somebody who waits for a sandbox to be made.</summary>
/// <param name="macAddress">Wanted by the container; null: derived from the address, so that any ready one will do.</param>
internal sealed class SandboxWaiter(MacAddress? macAddress)
{
    // Continuations must not run on the network thread: they would hold everybody up.
    private readonly TaskCompletionSource<PreparedSandbox> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public MacAddress? MacAddress { get; } = macAddress;

    public Task<PreparedSandbox> Task => _done.Task;

    /// <summary>False: the waiter gave up, the sandbox is still the caller's.</summary>
    public bool TryGive(PreparedSandbox sandbox) => _done.TrySetResult(sandbox);

    public void Fail(Exception reason) => _done.TrySetException(reason);

    public void Cancel(CancellationToken cancel) => _done.TrySetCanceled(cancel);
}
