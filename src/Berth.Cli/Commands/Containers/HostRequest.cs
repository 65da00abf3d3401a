using System.Globalization;

using Berth.Cli.CommandLine;
using Berth.Cli.Json;
using Berth.Cli.Specs;
using Berth.Linux.Terminals;

namespace Berth.Cli.Commands.Containers;

/// <summary>HostConfig: what of the host the container gets. Only what was asked for is written, so that the daemon's defaults hold.</summary>
internal sealed class HostRequest(Arguments given)
{
    public void Write(JsonBuilder json, List<VolumeSpec> volumes, List<PortSpec> ports, NetworkRequest networks)
    {
        json.List("Binds", Some(volumes.Where(v => !v.IsAnonymous).Select(v => v.Text)))
            .Text("ContainerIDFile", Given("cidfile"))
            .Text("NetworkMode", networks.Mode)
            .Is("AutoRemove", Yes("rm")).Is("Privileged", Yes("privileged")).Is("PublishAllPorts", Yes("publish-all")).Is("ReadonlyRootfs", Yes("read-only"))
            .Is("Init", given.Given("init") ? given.Is("init") : null);
        if (ports.Count > 0)
        {
            PortBindings.Write(json, "PortBindings", ports);
        }

        WriteRestart(json);
        WriteNames(json);
        WriteStorage(json);
        WriteSecurity(json);
        new ResourceRequest(given).Write(json);
        if (given.Is("tty") && Terminal.Size(1) is TerminalSize size)
        {
            json.Ints("ConsoleSize", [size.Rows, size.Columns]);
        }
    }

    private void WriteRestart(JsonBuilder json)
    {
        string policy = given.Text("restart");
        if (policy.Length == 0)
        {
            return;
        }

        int colon = policy.IndexOf(':', StringComparison.Ordinal);
        string name = colon < 0 ? policy : policy[..colon];
        string count = colon < 0 ? "" : policy[(colon + 1)..];
        if (name.Length == 0)
        {
            throw new SpecException("invalid restart policy format: no policy provided before colon");
        }

        long? retries = count.Length == 0 ? null
            : long.TryParse(count, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long number) ? number
            : throw new SpecException("invalid restart policy format: maximum retry count must be an integer");
        if (given.Is("rm") && name != "no")
        {
            throw new SpecException("conflicting options: cannot specify both --restart and --rm");
        }

        json.Object("RestartPolicy", p => p.Text("Name", name).Int("MaximumRetryCount", retries));
    }

    private void WriteNames(JsonBuilder json) => json
        .List("Dns", Some("dns")).List("DnsOptions", Some("dns-option")).List("DnsSearch", Some("dns-search")).List("ExtraHosts", Some("add-host"))
        .List("Links", Some("link")).List("GroupAdd", Some("group-add"))
        .Text("IpcMode", Given("ipc")).Text("PidMode", Given("pid")).Text("UTSMode", Given("uts")).Text("UsernsMode", Given("userns"))
        .Text("CgroupnsMode", Given("cgroupns")).Text("Runtime", Given("runtime")).Text("Isolation", Given("isolation"))
        .Map("Annotations", Map("annotation")).Map("Sysctls", Map("sysctl"));

    private void WriteStorage(JsonBuilder json)
    {
        string driver = given.Text("log-driver");
        if (driver == "none" && given.Given("log-opt"))
        {
            throw new SpecException("invalid logging opts for driver none");
        }

        if (driver.Length > 0 || given.Given("log-opt"))
        {
            json.Object("LogConfig", log => log.Text("Type", driver).Map("Config", Map("log-opt")));
        }

        if (given.All("storage-opt").Any(o => !o.Contains('=', StringComparison.Ordinal)))
        {
            throw new SpecException("invalid storage option");
        }

        json.Text("VolumeDriver", Given("volume-driver")).List("VolumesFrom", Some("volumes-from")).Map("StorageOpt", Map("storage-opt"))
            .Objects("Mounts", given.Given("mount") ? given.All("mount").Select(MountSpec.Parse) : null, static (m, mount) => mount.Write(m))
            .Int("ShmSize", given.Given("shm-size") ? given.Bytes("shm-size") : null);
        if (given.Given("tmpfs"))
        {
            json.Map("Tmpfs", given.All("tmpfs").Select(static t => t.Split(':', 2)).ToDictionary(static t => t[0], static t => t.Length > 1 ? t[1] : ""));
        }
    }

    private void WriteSecurity(JsonBuilder json)
    {
        json.List("CapAdd", Some("cap-add")).List("CapDrop", Some("cap-drop"));
        List<string> options = given.All("security-opt").Select(SecurityOption).ToList();
        if (options.Remove("systempaths=unconfined"))
        {
            json.List("MaskedPaths", []).List("ReadonlyPaths", []);
        }

        json.List("SecurityOpt", options.Count > 0 ? options : null);
    }

    // The daemon cannot see our files: a seccomp policy goes as its text.
    private static string SecurityOption(string option)
    {
        if (option == "no-new-privileges")
        {
            return option;
        }

        int cut = option.IndexOf('=', StringComparison.Ordinal);
        cut = cut < 0 ? option.IndexOf(':', StringComparison.Ordinal) : cut;
        if (cut < 0 || cut + 1 == option.Length)
        {
            throw new SpecException($"invalid --security-opt: \"{option}\"");
        }

        string value = option[(cut + 1)..];
        if (option[..cut] != "seccomp" || value is "builtin" or "unconfined")
        {
            return option;
        }

        try
        {
            return $"seccomp={JsonText.Compact(JsonParser.Parse(File.ReadAllBytes(value)))}";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SpecException($"opening seccomp profile ({value}) failed: open {value}: {FileReason.Of(e)}");
        }
        catch (System.Text.Json.JsonException e)
        {
            throw new SpecException($"compacting json for seccomp profile ({value}) failed: {e.Message}");
        }
    }

    private string? Given(string flag) => given.Text(flag) is { Length: > 0 } text ? text : null;

    private bool? Yes(string flag) => given.Is(flag) ? true : null;

    private IReadOnlyList<string>? Some(string flag) => given.All(flag) is { Count: > 0 } all ? all : null;

    private static List<string>? Some(IEnumerable<string> values) => values.ToList() is { Count: > 0 } all ? all : null;

    private Dictionary<string, string>? Map(string flag) => given.Given(flag) ? KeyValue.ToMap(given.All(flag)) : null;
}
