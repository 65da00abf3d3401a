using Berth.Cli.CommandLine;
using Berth.Cli.Json;
using Berth.Cli.Specs;

namespace Berth.Cli.Commands.Containers;

/// <summary>The health check that "--health-*" and "--no-healthcheck" describe.</summary>
internal sealed class HealthRequest(Arguments given)
{
    private static readonly string[] Settings = ["health-cmd", "health-interval", "health-timeout", "health-retries", "health-start-period", "health-start-interval"];

    public void Write(JsonBuilder json)
    {
        bool any = Array.Exists(Settings, IsSet);
        if (given.Is("no-healthcheck"))
        {
            if (any)
            {
                throw new SpecException("--no-healthcheck conflicts with --health-* options");
            }

            json.Object("Healthcheck", h => h.List("Test", ["NONE"]));
            return;
        }

        if (!any)
        {
            return;
        }

        string command = given.Text("health-cmd");
        json.Object("Healthcheck", h => h
            .List("Test", command.Length > 0 ? ["CMD-SHELL", command] : null)
            .Int("Interval", Span("health-interval")).Int("Timeout", Span("health-timeout"))
            .Int("StartPeriod", Span("health-start-period")).Int("StartInterval", Span("health-start-interval"))
            .Int("Retries", NotNegative("health-retries", given.Int("health-retries"))));
    }

    private bool IsSet(string flag) => flag switch
    {
        "health-cmd" => given.Text(flag).Length > 0,
        "health-retries" => given.Int(flag) != 0,
        _ => given.Duration(flag) != 0,
    };

    private long? Span(string flag) => NotNegative(flag, given.Duration(flag));

    private static long? NotNegative(string flag, long value) =>
        value < 0 ? throw new SpecException($"--{flag} cannot be negative") : value == 0 ? null : value;
}
