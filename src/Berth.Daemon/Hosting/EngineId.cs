using Berth.Storage;

namespace Berth.Daemon.Hosting;

/// <summary>The id of an engine, the same as long as its data root.</summary>
internal static class EngineId
{
    public static string Of(DataRoot root)
    {
        if (File.Exists(root.EngineIdFile) && File.ReadAllText(root.EngineIdFile).Trim() is { Length: > 0 } kept)
        {
            return kept;
        }

        string made = Guid.NewGuid().ToString();
        string aside = root.EngineIdFile + ".new";
        File.WriteAllText(aside, made + "\n");
        File.Move(aside, root.EngineIdFile, overwrite: true);
        return made;
    }
}
