using System.Globalization;
using System.Text;

using Berth.Linux;

namespace Berth.Runtime.Planning;

/// <summary>Prints plans as strace prints calls. Descriptors of the parent are &lt;named&gt;, results are $numbered.</summary>
internal static class PlanText
{
    public static string Print(InitPlan plan)
    {
        var text = new StringBuilder();
        text.Append("clone3(").Append(KernelFlags.Clone(plan.CloneFlags)).Append(")\n");
        string heading = "";
        for (int i = 0; i < plan.Calls.Count; i++)
        {
            PlannedCall call = plan.Calls[i];
            string wanted = $"{call.Step}  ({call.Origin})";
            if (wanted != heading)
            {
                text.Append("# ").Append(wanted).Append('\n');
                heading = wanted;
            }

            text.Append(CultureInfo.InvariantCulture, $"{i,4} ").Append(Call(call)).Append(Outcome(call)).Append('\n');
        }

        return text.ToString();
    }

    /// <summary>One call with its arguments: <c>$1 = openat2(&lt;root&gt;, "proc", …)</c>.</summary>
    public static string Call(PlannedCall call)
    {
        var text = new StringBuilder();
        if (call.Into is { } slot)
        {
            text.Append('$').Append(slot.Index).Append(" = ");
        }

        text.Append(call.Name).Append('(').AppendJoin(", ", call.Arguments.Select(Show)).Append(')');
        return text.ToString();
    }

    private static string Outcome(PlannedCall call)
    {
        string text = "";
        if (call.Tolerated.Count > 0)
        {
            text += $"  [{string.Join(' ', call.Tolerated.Select(Errno.Name))}{(call.OnTolerated is { } to ? $": {to.Index}" : "")}]";
        }

        return call.OnSuccess is { } next ? text + $"  [ok: {next.Index}]" : text;
    }

    private static string Show(Argument argument) => argument switch
    {
        Argument.Number n => n.Shown ?? n.Value.ToString(CultureInfo.InvariantCulture),
        Argument.Text t => Quote(t.Value),
        Argument.TextVector v => v.Values.Count > 8 ? $"[{v.Values.Count} strings]" : $"[{string.Join(", ", v.Values.Select(Quote))}]",
        Argument.Block b => b.Shown,
        Argument.Result r => $"${r.Slot.Index}",
        Argument.Inherited i => $"<{i.Name}>{(i.Offset == 0 ? "" : i.Offset.ToString("+0;-0", CultureInfo.InvariantCulture))}",
        _ => "?",
    };

    private static string Quote(string text) => $"\"{text.Replace("\\", @"\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal)}\"";
}
