namespace Berth.Engine.Containers;

/// <summary>Drives containers through their lives. A container is named by name, id or the beginning of an id.</summary>
public sealed class ContainerControl
{
    /// <returns>False: it ran already (304).</returns>
    public Task<bool> StartAsync(string container, string? detachKeys, CancellationToken cancel) => throw new InvalidOperationException("not yet");

    /// <param name="container">Name or id.</param>
    /// <param name="timeout">Seconds until SIGKILL; negative waits for ever; null takes the container's own, else 10.</param>
    /// <param name="signal">First signal; null takes the container's own, else SIGTERM.</param>
    /// <returns>False: it did not run (304).</returns>
    public Task<bool> StopAsync(string container, int? timeout, string? signal, CancellationToken cancel) => throw new InvalidOperationException("not yet");

    public Task RestartAsync(string container, int? timeout, string? signal, CancellationToken cancel) => throw new InvalidOperationException("not yet");

    /// <param name="container">Name or id.</param>
    /// <param name="signal">Name with or without SIG, or number; null is SIGKILL.</param>
    public Task KillAsync(string container, string? signal, CancellationToken cancel) => throw new InvalidOperationException("not yet");

    public Task PauseAsync(string container, CancellationToken cancel) => throw new InvalidOperationException("not yet");

    public Task UnpauseAsync(string container, CancellationToken cancel) => throw new InvalidOperationException("not yet");

    public Task RenameAsync(string container, string newName, CancellationToken cancel) => throw new InvalidOperationException("not yet");

    public Task ResizeAsync(string container, int rows, int columns, CancellationToken cancel) => throw new InvalidOperationException("not yet");

    /// <param name="container">Name or id.</param>
    /// <param name="force">Kill it first where it runs.</param>
    /// <param name="volumes">Its anonymous volumes too.</param>
    /// <param name="link">The container is a link to remove: refused by name.</param>
    public Task RemoveAsync(string container, bool force, bool volumes, bool link, CancellationToken cancel) => throw new InvalidOperationException("not yet");
}
