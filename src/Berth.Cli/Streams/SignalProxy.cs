using System.Runtime.InteropServices;

namespace Berth.Cli.Streams;

/// <summary>
/// What happens on signals while a container is in the foreground: passed on to it, or, with a raw terminal and no proxy, the terminal is
/// given back before they do what they do. Runs on the runtime's own signal thread.
/// </summary>
internal sealed class SignalProxy : IDisposable
{
    private const int WindowChanged = 28;

    // What users send to a program in the foreground. SIGTTIN and SIGTTOU stay: job control needs them.
    private static readonly (int Number, string Name)[] Passed =
        [(1, "HUP"), (2, "INT"), (3, "QUIT"), (10, "USR1"), (12, "USR2"), (14, "ALRM"), (15, "TERM"), (18, "CONT"), (20, "TSTP")];

    private static readonly int[] Deadly = [1, 2, 3, 15];

    private readonly List<PosixSignalRegistration> registrations = [];

    /// <summary>Passes signals on by name.</summary>
    public SignalProxy Pass(Action<string> send)
    {
        foreach ((int number, string name) in Passed)
        {
            registrations.Add(PosixSignalRegistration.Create((PosixSignal)number, context =>
            {
                context.Cancel = true;
                send(name);
            }));
        }

        return this;
    }

    /// <summary>Does something before a signal ends us.</summary>
    public SignalProxy BeforeDeath(Action act)
    {
        foreach (int number in Deadly)
        {
            registrations.Add(PosixSignalRegistration.Create((PosixSignal)number, _ => act()));
        }

        return this;
    }

    /// <summary>Does something whenever the terminal's size changes.</summary>
    public SignalProxy OnResize(Action act)
    {
        registrations.Add(PosixSignalRegistration.Create((PosixSignal)WindowChanged, _ => act()));
        return this;
    }

    public void Dispose() => registrations.ForEach(static r => r.Dispose());
}
