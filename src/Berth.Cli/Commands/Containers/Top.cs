using Berth.Cli.CommandLine;
using Berth.Cli.Http;
using Berth.Cli.Json;
using Berth.Cli.Tables;

namespace Berth.Cli.Commands.Containers;

/// <summary>berth top.</summary>
internal static class Top
{
    public static Command Row { get; } = new("top", "CONTAINER [ps OPTIONS]", "Show the processes of a container")
    {
        Words = ArgumentRule.AtLeast(1),
        StopsAtFirstWord = true,
        Spellings = ["container top", "top"],
        Completes = Completes.RunningContainers,
        Run = Execute,
    };

    private static int Execute(Invocation call)
    {
        string name = call.Words[0];
        JsonObject answer;
        try
        {
            answer = call.Api.Get(new Query($"/containers/{Query.Segment(name)}/top").Text("ps_args", string.Join(' ', call.Words.Skip(1))).ToString());
        }
        catch (ApiException e)
        {
            throw WrongKind.Explain(call, name, e);
        }

        TabWriter table = TabWriter.ForProcesses();
        table.Add(string.Join('\t', answer.List("Titles")));
        foreach (JsonList process in answer.List("Processes").OfType<JsonList>())
        {
            table.Add(string.Join('\t', process));
        }

        call.Out.Write(table.ToString());
        return 0;
    }
}
