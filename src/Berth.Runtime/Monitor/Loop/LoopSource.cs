using Berth.Linux.Polling;

namespace Berth.Runtime.Monitor.Loop;

/// <summary>One descriptor that the monitor's loop waits for, and what happens when it is ready. Nothing here may wait.</summary>
internal abstract class LoopSource
{
    /// <summary>The descriptor, or -1 while there is nothing to wait for (poll reports a hangup even to those who did not ask).</summary>
    public abstract int Descriptor { get; }

    public abstract PollEvents Wanted { get; }

    /// <summary>When <see cref="Expired"/> is to be called, in milliseconds of the monotonic clock.</summary>
    public virtual long Deadline => long.MaxValue;

    /// <summary>The loop drops and closes it after this round.</summary>
    public bool Ended { get; protected set; }

    /// <summary>A loop that was stopped runs on until this has ended.</summary>
    public virtual bool OutlivesStop => false;

    public abstract void Ready(PollEvents events);

    public virtual void Expired()
    {
    }

    /// <summary>Gives back memory that is not needed while nothing happens.</summary>
    public virtual void Release()
    {
    }

    /// <summary>Closes the descriptor. Called once.</summary>
    public abstract void Close();
}
