using System.Globalization;

using Berth.Cli.CommandLine;
using Berth.Cli.Http;
using Berth.Cli.Json;
using Berth.Cli.Text;

namespace Berth.Cli.Commands.Engine;

/// <summary>berth system check: verifies everything the engine keeps. Ends with 1 where something is damaged and was not repaired.</summary>
internal static class StoreCheck
{
    public static Command Row { get; } = new("check", "[OPTIONS]", "Verify every image, layer and row, and say what is damaged")
    {
        Flags = static () =>
        [
            Flag.Bool("json", "Print one JSON object a line"),
            Flag.Bool("repair", "Unpack damaged layers again, and remove what nothing can mend"),
        ],
        Run = Execute,
    };

    private static int Execute(Invocation call)
    {
        bool asJson = call.Arguments.Is("json"), whole = false;
        using ApiResponse answer = Ask(call);
        foreach (JsonObject line in JsonLines.Read(answer))
        {
            if (line.Text("Error") is { Length: > 0 } error)
            {
                throw new CliException(error);
            }

            bool isLast = line.TryObject("Summary", out JsonObject? summary);
            whole |= isLast && summary!.Int("Found") == summary.Int("Repaired");
            call.Out.Line(asJson ? JsonText.Compact(line) : isLast ? Sum(summary!) : Finding(line));
            call.Out.Flush();
        }

        return whole ? 0 : 1;
    }

    private static ApiResponse Ask(Invocation call)
    {
        try
        {
            return call.Api.Open("POST", new Query("/berth/system-check").Flag("repair", call.Arguments.Is("repair")).ToString());
        }
        catch (ApiException e) when (e.Status == 404)
        {
            throw new CliException($"cannot check: the engine at {call.Api.Endpoint.Text} has no such check; that needs berthd {Identity.Version} or later");
        }
    }

    /// <summary>"layer sha256:…: etc/passwd: has other bytes: unpacked again".</summary>
    public static string Finding(JsonObject finding) => $"{finding.Text("Kind")} {finding.Text("Name")}: {finding.Text("Problem")}: {finding.Text("Outcome")}";

    /// <summary>What was looked at, and how it came out.</summary>
    public static string Sum(JsonObject summary)
    {
        long found = summary.Int("Found"), repaired = summary.Int("Repaired");
        string outcome = found == 0 ? "nothing is damaged" : repaired == 0 ? $"{found} damaged" : $"{found} damaged, {repaired} of them repaired";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{summary.Int("Blobs")} blobs ({Units.Size(summary.Int("Bytes"))}), {summary.Int("Layers")} layers and {summary.Int("Images")} images checked: {outcome}");
    }
}
