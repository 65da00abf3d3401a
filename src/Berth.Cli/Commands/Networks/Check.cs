using System.Globalization;

using Berth.Cli.CommandLine;
using Berth.Cli.Commands.Engine;
using Berth.Cli.Http;
using Berth.Cli.Json;
using Berth.Cli.Specs;
using Berth.Cli.Templates;

namespace Berth.Cli.Commands.Networks;

/// <summary>berth network check: tells whether one container reaches another, and if not, where it ends and what to do. Ends with 0 or 1 by it.</summary>
internal static class Check
{
    public static Command Row { get; } = new("check", "[OPTIONS] FROM TO [PORT[/PROTO]]", "Tell whether a container reaches another, and why not")
    {
        Flags = static () => [Flag.Format(FormatHelp.Plain)],
        Words = ArgumentRule.Between(2, 3),
        Completes = Completes.Containers,
        Run = Execute,
    };

    private static int Execute(Invocation call)
    {
        string port = call.Words.Count > 2 ? Port(call.Words[2]) : "";
        string format = call.Arguments.Text("format");
        Template? template = format is "" or "json" ? null : Documents.Parse(format);
        JsonObject answer = Ask(call, new Query("/berth/network-check").Add("from", call.Words[0]).Add("to", call.Words[1]).Text("port", port).ToString());
        if (template is not null || format == "json")
        {
            call.Out.Line(template is null ? JsonText.Compact(answer) : Documents.Fill(template, answer));
        }
        else
        {
            bool colour = call.Out.IsTerminal && call.Session.Variable("NO_COLOR") is null;
            CheckReport.Lines(answer, port, colour).ForEach(call.Out.Line);
        }

        return answer.Is("Reachable") ? 0 : 1;
    }

    private static JsonObject Ask(Invocation call, string target)
    {
        try
        {
            return call.Api.Get(target);
        }
        catch (ApiException e) when (e.Status == 404 && e.Answer.Contains("page not found", StringComparison.OrdinalIgnoreCase))
        {
            throw new CliException($"cannot check: the engine at {call.Api.Endpoint.Text} has no network check; that needs berthd {Identity.Version} or later");
        }
    }

    private static string Port(string text)
    {
        int slash = text.IndexOf('/', StringComparison.Ordinal);
        string protocol = slash < 0 ? "tcp" : text[(slash + 1)..].ToLowerInvariant();
        PortRange? range = PortRange.TryParse(slash < 0 ? text : text[..slash]);
        return range is { Count: 1, First: > 0 } one && protocol is "tcp" or "udp" or "sctp"
            ? string.Create(CultureInfo.InvariantCulture, $"{one.First}/{protocol}")
            : throw new CliException($"invalid port \"{text}\": one port is wanted, as 80, 53/udp or 80/tcp");
    }
}
