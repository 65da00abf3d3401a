using System.Globalization;
using System.Text.Json;
using Berth.Api;
using Berth.Daemon.Routing;
using Berth.Oci.Images;

namespace Berth.Daemon.Endpoints.Host;

/// <summary>What GET /version says.</summary>
internal static class VersionFacts
{
    /// <summary>The architecture in Go's words.</summary>
    public static string Architecture => PlatformSpecifier.Here.Architecture;

    /// <summary>The running kernel, e.g. "6.18.44".</summary>
    public static string Kernel => File.ReadAllText("/proc/sys/kernel/osrelease").Trim();

    public static SystemVersion Read()
    {
        string built = File.GetLastWriteTimeUtc(Environment.ProcessPath ?? "/").ToString("yyyy-MM-ddTHH:mm:ss.fffffff+00:00", CultureInfo.InvariantCulture);
        return new SystemVersion
        {
            Platform = new SystemVersionPlatform { Name = "Berth" },
            Components = [new SystemVersionComponent { Name = "Engine", Version = DaemonProgram.Version, Details = Details(built) }],
            Version = DaemonProgram.Version,
            ApiVersion = ApiVersion.Current.ToString(),
            MinAPIVersion = ApiVersion.Minimum.ToString(),
            GitCommit = "",
            GoVersion = "",
            Os = "linux",
            Arch = Architecture,
            KernelVersion = Kernel,
            BuildTime = built,
        };
    }

    private static JsonElement Details(string built) => JsonSerializer.SerializeToElement(
        new Dictionary<string, string>
        {
            ["ApiVersion"] = ApiVersion.Current.ToString(),
            ["Arch"] = Architecture,
            ["BuildTime"] = built,
            ["Experimental"] = "false",
            ["GitCommit"] = "",
            ["GoVersion"] = "",
            ["KernelVersion"] = Kernel,
            ["MinAPIVersion"] = ApiVersion.Minimum.ToString(),
            ["Os"] = "linux",
        },
        ApiJson.Wire.IReadOnlyDictionaryStringString);
}
