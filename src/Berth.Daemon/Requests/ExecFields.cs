using static Berth.Daemon.Requests.FieldRule;

namespace Berth.Daemon.Requests;

/// <summary>Which fields of exec's requests are honoured.</summary>
internal static class ExecFields
{
    /// <summary>POST /containers/{id}/exec.</summary>
    public static readonly FieldRules Create = new()
    {
        ["AttachStdin"] = Honoured,
        ["AttachStdout"] = Honoured,
        ["AttachStderr"] = Honoured,
        ["ConsoleSize"] = Honoured,
        ["DetachKeys"] = Honoured,
        ["Tty"] = Honoured,
        ["Env"] = Honoured,
        ["Cmd"] = Honoured,
        ["Privileged"] = Honoured,
        ["User"] = Honoured,
        ["WorkingDir"] = Honoured,

        // The client's own: which of its modes it was in.
        ["Detach"] = Honoured,
    };

    /// <summary>POST /exec/{id}/start.</summary>
    public static readonly FieldRules Start = new()
    {
        ["Detach"] = Honoured,
        ["Tty"] = Honoured,
        ["ConsoleSize"] = Honoured,
    };
}
