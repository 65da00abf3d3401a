using System.Collections.Concurrent;

using Berth.Engine.Containers;
using Berth.Engine.Events;
using Berth.Oci.Monitor;
using Berth.Storage;
using Berth.Storage.Database;

namespace Berth.Engine.Exec;

/// <summary>All execs: their published state, and the rows behind it.</summary>
internal sealed class ExecRegistry(BerthDatabase database, EventLog events)
{
    // A client asks for the exit code right after the end; Docker forgets an exec minutes later.
    private static readonly TimeSpan KeptAfterEnd = TimeSpan.FromMinutes(5);

    private readonly ConcurrentDictionary<string, ExecEntry> _execs = new(StringComparer.Ordinal);

    /// <exception cref="EngineException">NotFound.</exception>
    public ExecEntry Find(string id) => _execs.TryGetValue(id, out ExecEntry? exec) ? exec : throw EngineException.NotFound($"No such exec instance: {id}");

    public IReadOnlyList<string> RunningOf(string container) =>
        [.. _execs.Values.Where(e => e.Document.Container == container && e.Status.Running).Select(e => e.Document.Id)];

    public IReadOnlyList<ExecEntry> Of(string container) => [.. _execs.Values.Where(e => e.Document.Container == container)];

    public void Load(ExecDocument document, ExecStatus status) => _execs[document.Id] = new ExecEntry(document, status);

    public async Task AddAsync(ExecDocument document, EngineEvent told)
    {
        List<string> old = [.. _execs.Values.Where(e => e.Status.FinishedAt + KeptAfterEnd < DateTimeOffset.UtcNow).Select(e => e.Document.Id)];
        EventLog.Numbered number = await database.WriteAsync(
            t =>
            {
                old.ForEach(id => ExecRows.Delete(t, id));
                ExecRows.Insert(t, document);
                return events.Append(t, told);
            },
            CancellationToken.None);
        _execs[document.Id] = new ExecEntry(document, new ExecStatus());
        old.ForEach(id => _execs.TryRemove(id, out _));
        events.Tell(number);
    }

    /// <summary>Changes an exec's state, on disk first.</summary>
    /// <returns>False: it was removed with its container.</returns>
    public async Task<bool> UpdateAsync(ExecEntry exec, ExecStatus status, EngineEvent? told)
    {
        (bool there, EventLog.Numbered? number) = await database.WriteAsync(
            t => (ExecRows.Update(t, exec.Document.Id, status), told is null ? null : events.Append(t, told)), CancellationToken.None);
        exec.Publish(status);
        events.Tell(number);
        return there;
    }

    /// <summary>An exec ended, as its container's monitor tells.</summary>
    public async Task EndedAsync(ContainerRecord container, ExecExit exit)
    {
        if (!_execs.TryGetValue(exit.Id, out ExecEntry? exec) || exec.Status.ExitCode is not null)
        {
            return;
        }

        EngineEvent die = ContainerEvents.Of(container, "exec_die", ("execID", exit.Id), ("exitCode", $"{exit.ExitCode}"));

        // Known at once: whoever read the end of the stream asks for the exit code before the disk has it.
        ExecStatus ended = exec.Status with { Started = true, ExitCode = exit.ExitCode, FinishedAt = exit.FinishedAt };
        exec.Publish(ended);
        await UpdateAsync(exec, ended, die);
    }

    /// <summary>The container ended: none of its execs lives. Its monitor has told of each, unless it was killed.</summary>
    public async Task ContainerEndedAsync(ContainerRecord container)
    {
        foreach (ExecEntry exec in Of(container.Id).Where(e => e.Status.Running).ToList())
        {
            await EndedAsync(container, new ExecExit { Id = exec.Document.Id, ExitCode = 128 + Signals.SIGKILL, FinishedAt = DateTimeOffset.UtcNow });
        }
    }

    /// <summary>The container is gone.</summary>
    public void Forget(string container)
    {
        foreach (ExecEntry exec in Of(container))
        {
            _execs.TryRemove(exec.Document.Id, out _);
        }
    }
}
