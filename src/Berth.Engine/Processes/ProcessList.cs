using Berth.Api;

namespace Berth.Engine.Processes;

/// <summary>The processes of a container as `top` shows them. Read in-process: no ps of the host is run.</summary>
internal static class ProcessList
{
    public static ContainerTopResponse Of(IReadOnlyList<int> pids, ProcessColumns columns)
    {
        var host = ProcessHost.Read();
        List<ProcessFacts> processes = [.. pids.Distinct().Order().Select(p => ProcessReader.Read(p, host)).OfType<ProcessFacts>()];
        return new ContainerTopResponse
        {
            Titles = [.. columns.Columns.Select(c => c.Title)],
            Processes = [.. processes.Select(p => (IReadOnlyList<string>)[.. columns.Columns.Select(c => c.Show(p))])],
        };
    }
}
