using System.Diagnostics;
using System.Globalization;

namespace Berth.Storage.Failpoints;

/// <summary>
/// Counts the durable steps of this process (a commit, a rename, a file synced, a registered folder made) and, told so, kills it right after
/// the n-th: a crash test runs the same work for n = 1, 2, 3 … until it survives, and looks after each what the next start makes of it.
/// One instance is handed to all that write; <see cref="None"/> counts and never kills.
/// </summary>
/// <param name="killAt">Kill after this many steps, 0: never.</param>
/// <param name="only">Count steps of this name only; null: all.</param>
public sealed class Durable(int killAt = 0, string? only = null)
{
    private int _count;

    /// <summary>Steps so far.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>An instance that never kills.</summary>
    public static Durable None() => new();

    /// <summary>Reads "kill@N" or "kill@NAME:N".</summary>
    /// <exception cref="EngineException">Invalid: another text.</exception>
    public static Durable Parse(string? text)
    {
        if (string.IsNullOrEmpty(text))
        {
            return new Durable();
        }

        string terms = text.StartsWith("kill@", StringComparison.Ordinal) ? text[5..] : "";
        int colon = terms.LastIndexOf(':');
        return int.TryParse(terms[(colon + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out int n) && n > 0
            ? new Durable(n, colon > 0 ? terms[..colon] : null)
            : throw EngineException.Invalid($"BERTH_FAILPOINT={text}: kill@N or kill@NAME:N is wanted");
    }

    /// <summary>Reads BERTH_FAILPOINT.</summary>
    public static Durable FromEnvironment() => Parse(Environment.GetEnvironmentVariable("BERTH_FAILPOINT"));

    /// <summary>Call right after the step called <paramref name="name"/> has become durable.</summary>
    public void Step(string name)
    {
        if (only is not null && only != name)
        {
            return;
        }

        if (Interlocked.Increment(ref _count) == killAt)
        {
            // SIGKILL: no finally block, no flush, no exit handler runs, as in the crash it stands for.
            using Process self = Process.GetCurrentProcess();
            self.Kill();
            new ManualResetEvent(false).WaitOne(); // the signal is on its way; nothing may run before it
        }
    }
}
