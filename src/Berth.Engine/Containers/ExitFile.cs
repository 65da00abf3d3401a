using System.Text.Json;

using Berth.Oci.Monitor;

namespace Berth.Engine.Containers;

/// <summary>Records that a monitor left: written aside and renamed, so one is there whole or not at all.</summary>
internal static class ExitFile
{
    public static ContainerExit? Read(string path) => Read(path, bytes => JsonSerializer.Deserialize(bytes, MonitorJson.Default.ContainerExit));

    public static MonitorState? ReadState(string path) => Read(path, bytes => JsonSerializer.Deserialize(bytes, MonitorJson.Default.MonitorState));

    public static ExecExit? ReadExec(string path) => Read(path, bytes => JsonSerializer.Deserialize(bytes, MonitorJson.Default.ExecExit));

    private static T? Read<T>(string path, Func<byte[], T?> parse)
        where T : class
    {
        try
        {
            return parse(File.ReadAllBytes(path));
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException or JsonException)
        {
            return null;
        }
    }
}
