using System.Globalization;

using Berth.Oci.Json;
using Berth.Oci.Runtime;

namespace Berth.Runtime.Commands;

/// <summary>`state` and `list`.</summary>
internal static class StateCommand
{
    public static int Run(RuntimeContext context, IReadOnlyList<string> args)
    {
        var folder = new ContainerFolder(context, CommandOptions.Parse(args).Id());
        Print.Line(JsonText.Object(Describe(folder, folder.Read()).Write).ToString());
        return 0;
    }

    public static int List(RuntimeContext context, IReadOnlyList<string> args)
    {
        CommandOptions options = CommandOptions.Parse(args, "f=format", "q=quiet!");
        var all = new List<ListedContainer>();
        foreach (string path in Directory.Exists(context.Root) ? Directory.GetDirectories(context.Root) : [])
        {
            var folder = new ContainerFolder(context, Path.GetFileName(path));
            if (folder.TryRead() is { } record)
            {
                all.Add(Describe(folder, record));
            }
        }

        if (options.Has("quiet"))
        {
            all.ForEach(c => Print.Line(c.Id));
        }
        else if (options.Value("format") == "json")
        {
            Print.Line(JsonText.Array(all, (j, c) => c.Write(j)).ToString());
        }
        else
        {
            int width = Math.Max(2, all.Count == 0 ? 0 : all.Max(c => c.Id.Length)) + 2;
            Print.Line($"{"ID".PadRight(width)}{"PID",-10}{"STATUS",-10}{"BUNDLE"}");
            all.ForEach(c => Print.Line(string.Create(CultureInfo.InvariantCulture, $"{c.Id.PadRight(width)}{c.Pid,-10}{c.Status,-10}{c.Bundle}")));
        }

        return 0;
    }

    private static ListedContainer Describe(ContainerFolder folder, ContainerRecord record)
    {
        RuntimeSpec spec = folder.ReadSpec();
        string status = ContainerFolder.Status(record);
        return new ListedContainer
        {
            OciVersion = spec.OciVersion ?? "1.2.0",
            Id = record.Id,
            Pid = status == "stopped" ? 0 : record.Pid,
            Status = status,
            Bundle = record.Bundle,
            Rootfs = spec.Root?.Path is { } root ? Path.Combine(record.Bundle, root) : null,
            Created = record.Created,
            Annotations = spec.Annotations,
            Owner = "root",
        };
    }
}
