using Berth.Cli.CommandLine;
using Berth.Cli.Http;
using Berth.Cli.Json;
using Berth.Cli.Specs;

namespace Berth.Cli.Commands.Containers;

/// <summary>berth port add and rm: a container's published ports, changed while it runs. Ports are written as after "-p".</summary>
internal static class PortChange
{
    public static Command Add { get; } = new("add", "CONTAINER [HOSTADDR:][HOSTPORT:]PORT[/PROTO]...", "Publish further ports of a container")
    {
        Words = ArgumentRule.AtLeast(2),
        Spellings = ["container port add", "port add"],
        Completes = Completes.Containers,
        CompletesNext = Completes.Nothing,
        Run = static call =>
        {
            List<PortSpec> ports = Ports(call);
            var json = new JsonBuilder();
            PortBindings.Write(json, "PortBindingsAdd", ports);
            Update(call, json);
            Port.Lines(Inspection.Container(call, call.Words[0]), port => ports.Exists(p => p.Port == port), named: true).ForEach(call.Out.Line);
            return 0;
        },
    };

    public static Command Remove { get; } = new("rm", "CONTAINER [HOSTADDR:][HOSTPORT:]PORT[/PROTO]...", "Stop publishing ports of a container; a PORT alone stands for every place it is published at")
    {
        Aliases = ["remove"],
        Words = ArgumentRule.AtLeast(2),
        Spellings = ["container port rm", "port rm", "port remove"],
        Completes = Completes.Containers,
        CompletesNext = Completes.Nothing,
        Run = static call =>
        {
            var json = new JsonBuilder();
            PortBindings.WriteRemoved(json, "PortBindingsRemove", Ports(call));
            Update(call, json);
            return 0;
        },
    };

    private static List<PortSpec> Ports(Invocation call)
    {
        try
        {
            return call.Words.Skip(1).SelectMany(PortSpec.Parse).Distinct().ToList();
        }
        catch (SpecException e)
        {
            throw new CliException(e.Message);
        }
    }

    private static void Update(Invocation call, JsonBuilder json)
    {
        string name = call.Words[0];
        try
        {
            JsonObject answer = call.Api.Object("POST", $"/containers/{Query.Segment(name)}/update", json.Close());
            foreach (object? warning in answer.List("Warnings"))
            {
                call.Err.Line($"WARNING: {warning}");
            }
        }
        catch (ApiException e)
        {
            throw WrongKind.Explain(call, name, e);
        }
    }
}
