namespace Berth.Engine.Exec;

/// <summary>An exec and its present state. Readers never wait.</summary>
internal sealed class ExecEntry(ExecDocument document, ExecStatus status)
{
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile ExecStatus _status = status;
    private int _claimed = status.Started ? 1 : 0;

    public ExecDocument Document { get; } = document;

    public ExecStatus Status => _status;

    /// <summary>Ends with the exec.</summary>
    public Task Ended => _ended.Task;

    /// <summary>True for the first who wants to start it, and nobody after.</summary>
    public bool TryClaim() => Interlocked.Exchange(ref _claimed, 1) == 0;

    public void Publish(ExecStatus next)
    {
        _status = next;
        if (next.ExitCode is not null)
        {
            _ended.TrySetResult();
        }
    }
}
