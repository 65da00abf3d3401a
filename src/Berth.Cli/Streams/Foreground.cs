using System.Globalization;

using Berth.Cli.Http;
using Berth.Linux.Terminals;

namespace Berth.Cli.Streams;

/// <summary>A container, or an exec in one, in the foreground: its streams, signals and window size.</summary>
/// <param name="session">The program.</param>
/// <param name="kind">"containers" or "exec": the first part of its paths.</param>
/// <param name="id">Its id.</param>
/// <param name="options">Its streams.</param>
internal sealed class Foreground(Session session, string kind, string id, PumpOptions options) : IDisposable
{
    private readonly SignalProxy signals = new();
    private RawTerminal? raw;

    /// <summary>Puts the terminal into raw mode and listens for signals. Until <see cref="Dispose"/>, whatever happens.</summary>
    /// <param name="proxy">Pass signals on to the container.</param>
    public void Enter(bool proxy)
    {
        if (options.Tty && options.Input)
        {
            raw = RawTerminal.Enter(0, keepOutput: false);
        }

        if (proxy)
        {
            signals.Pass(name => Aside("POST", new Query($"/containers/{id}/kill").Add("signal", name)));
        }
        else if (raw is not null)
        {
            signals.BeforeDeath(raw.Restore);
        }

        if (options.Tty && session.Out.IsTerminal)
        {
            signals.OnResize(Resize);
        }
    }

    /// <summary>Carries the streams until one side ends them.</summary>
    public PumpEnd Stream(Hijacked streams)
    {
        PumpEnd end = new StreamPump(session, streams, options).Run();
        raw?.Restore();
        return end;
    }

    /// <summary>Tells the container how large our window is.</summary>
    public void Resize()
    {
        if (options.Tty && session.Out.Size is TerminalSize size)
        {
            Resize(size);
        }
    }

    /// <summary>Makes whatever runs there draw its screen anew: the size changes for a moment.</summary>
    public void Repaint()
    {
        if (options.Tty && session.Out.Size is TerminalSize size)
        {
            Resize(new TerminalSize(size.Rows + 1, size.Columns + 1));
            Resize(size);
        }
    }

    public void Dispose()
    {
        raw?.Restore();
        signals.Dispose();
    }

    private void Resize(TerminalSize size) => Aside("POST", new Query($"/{kind}/{id}/resize")
        .Add("h", size.Rows.ToString(CultureInfo.InvariantCulture)).Add("w", size.Columns.ToString(CultureInfo.InvariantCulture)));

    // On a connection of its own, as this may be the signal thread. Best effort: the container may have ended a moment ago.
    private void Aside(string method, Query target)
    {
        try
        {
            using ApiResponse answer = session.Api.BeginAside(method, target.ToString()).Finish();
            answer.ReadAll();
        }
        catch (Exception e) when (e is ApiException or ConnectionException)
        {
            if (session.Debug)
            {
                session.Err.Line($"{target}: {e.Message}");
            }
        }
    }
}
