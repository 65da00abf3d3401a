using Berth.Cli.Json;

namespace Berth.Cli.Commands.Networks;

/// <summary>The answer of a network check as lines for people: each step with its outcome, the verdict, what to do.</summary>
internal static class CheckReport
{
    private const string Green = "\u001b[32m";
    private const string Red = "\u001b[31m";
    private const string Plain = "\u001b[0m";

    /// <param name="answer">The daemon's answer.</param>
    /// <param name="port">"80/tcp"; empty: no port in particular.</param>
    /// <param name="colour">Whether outcomes are coloured.</param>
    public static List<string> Lines(JsonObject answer, string port, bool colour)
    {
        var lines = new List<string>();
        foreach (JsonObject step in answer.List("Steps").OfType<JsonObject>())
        {
            string detail = step.Text("Detail");
            string mark = step.Is("Passed") ? Paint("ok    ", Green, colour) : Paint("failed", Red, colour);
            lines.Add($"{mark}  {step.Text("Check")}{(detail.Length > 0 ? ": " : "")}{detail}");
        }

        bool reachable = answer.Is("Reachable");
        string verdict = $"{answer.Text("From")} {(reachable ? "reaches" : "does not reach")} {answer.Text("To")}{(port.Length > 0 ? " on " : "")}{port}";
        lines.Add(Paint(verdict, reachable ? Green : Red, colour));
        if (answer.Text("Advice") is { Length: > 0 } advice)
        {
            lines.Add(advice);
        }

        return lines;
    }

    private static string Paint(string text, string colour, bool wanted) => wanted ? $"{colour}{text}{Plain}" : text;
}
