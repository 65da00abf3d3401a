using System.Globalization;

using Berth.Cli.CommandLine;
using Berth.Cli.Http;
using Berth.Cli.Json;
using Berth.Cli.Templates;
using Berth.Cli.Text;

namespace Berth.Cli.Commands.Engine;

/// <summary>berth info.</summary>
internal static class Info
{
    public static Command Row { get; } = new("info", "[OPTIONS]", "Show what the engine is and has")
    {
        Flags = static () => [Flag.Format(FormatHelp.Plain, 'f')],
        Group = CommandGroup.Common,
        Spellings = ["system info", "info"],
        Run = Execute,
    };

    private static int Execute(Invocation call)
    {
        string format = call.Arguments.Text("format");
        if (format.Length > 0)
        {
            Template template = Documents.Parse(format);
            JsonObject info = call.Api.Get("/info");
            info.Add("ClientInfo", new JsonObject().Add("Debug", call.Session.Debug).Add("Version", Identity.Version).Add("Context", "default").Add("Plugins", new JsonList()).Add("Warnings", null));
            call.Out.Line(Documents.Fill(template, GoShape.Mark(info)));
            return 0;
        }

        call.Out.Write($"Client: Berth\n Version:    {Identity.Version}\n Context:    default\n Debug Mode: {(call.Session.Debug ? "true" : "false")}\n\nServer:\n");
        try
        {
            JsonObject info = call.Api.Get("/info");
            Server(new Lines(call, info), info);
            call.Out.Line("");
            call.Out.Flush();
            foreach (object? warning in info.List("Warnings"))
            {
                call.Err.Line(warning as string ?? "");
            }

            return 0;
        }
        catch (Exception e) when (e is ApiException or ConnectionException)
        {
            throw new CliException(e.Message);
        }
    }

    private static void Server(Lines lines, JsonObject info)
    {
        lines.Number(" Containers", "Containers").Number("  Running", "ContainersRunning").Number("  Paused", "ContainersPaused").Number("  Stopped", "ContainersStopped")
            .Number(" Images", "Images").Some(" Server Version", "ServerVersion").Some(" Storage Driver", "Driver");
        foreach (JsonList pair in info.List("DriverStatus").OfType<JsonList>())
        {
            lines.Add($"  {pair[0]}: {pair[1]}");
        }

        lines.Some(" Logging Driver", "LoggingDriver").Some(" Cgroup Driver", "CgroupDriver").Some(" Cgroup Version", "CgroupVersion");
        JsonObject plugins = info.Object("Plugins");
        lines.Add(" Plugins:");
        foreach (string kind in (string[])["Volume", "Network", "Authorization", "Log"])
        {
            if (kind != "Authorization" || plugins.List(kind).Count > 0)
            {
                lines.Add($"  {kind}: {string.Join(' ', plugins.List(kind))}");
            }
        }

        lines.Add($" Swarm: {info.Object("Swarm").Text("LocalNodeState")}");
        if (info.Object("Runtimes").Members.Count > 0)
        {
            lines.Add($" Runtimes: {string.Join(' ', info.Object("Runtimes").Members.Select(m => m.Key))}");
            lines.Always(" Default Runtime", "DefaultRuntime");
        }

        Programs(lines, info);
        lines.Some(" Kernel Version", "KernelVersion").Some(" Operating System", "OperatingSystem").Some(" OSType", "OSType").Some(" Architecture", "Architecture")
            .Number(" CPUs", "NCPU");
        lines.Add($" Total Memory: {Units.BinarySize(info.Int("MemTotal"))}");
        lines.Some(" Name", "Name").Some(" ID", "ID").Always(" Docker Root Dir", "DockerRootDir").Truth(" Debug Mode", "Debug")
            .Some(" HTTP Proxy", "HttpProxy").Some(" HTTPS Proxy", "HttpsProxy").Some(" No Proxy", "NoProxy");
        Section(lines, " Labels:", info.List("Labels").Select(l => $"  {l}"));
        lines.Truth(" Experimental", "ExperimentalBuild");
        JsonObject registry = info.Object("RegistryConfig");
        Section(lines, " Insecure Registries:", registry.List("InsecureRegistryCIDRs").Select(c => $"  {c}"));
        Section(lines, " Registry Mirrors:", registry.List("Mirrors").Select(m => $"  {m}"));
        lines.Truth(" Live Restore Enabled", "LiveRestoreEnabled");
        Section(lines, " Default Address Pools:", info.List("DefaultAddressPools").OfType<JsonObject>().Select(p => $"   Base: {p.Text("Base")}, Size: {p.Int("Size")}"));
        if (info.TryObject("FirewallBackend", out JsonObject? firewall))
        {
            lines.Add($" Firewall Backend: {firewall.Text("Driver")}");
        }
    }

    private static void Programs(Lines lines, JsonObject info)
    {
        if (info.Text("OSType") != "linux")
        {
            return;
        }

        lines.Always(" Init Binary", "InitBinary");
        lines.Add($" containerd version: {info.Object("ContainerdCommit").Text("ID")}");
        lines.Add($" runc version: {info.Object("RuncCommit").Text("ID")}");
        lines.Add($" init version: {info.Object("InitCommit").Text("ID")}");
        Section(lines, " Security Options:", info.List("SecurityOptions").OfType<string>().SelectMany(SecurityOption));
    }

    // "name=seccomp,profile=default".
    private static IEnumerable<string> SecurityOption(string option)
    {
        (string Key, string Value)[] pairs = option.Split(',').Select(Specs.KeyValue.Split).ToArray();
        string name = pairs.FirstOrDefault(p => p.Key == "name").Value ?? option;
        return pairs.Where(p => p.Key == "profile").Select(p => $"   Profile: {p.Value}").Prepend($"  {name}");
    }

    private static void Section(Lines lines, string heading, IEnumerable<string> items)
    {
        string[] all = items.ToArray();
        if (all.Length > 0)
        {
            lines.Add(heading);
            Array.ForEach(all, lines.Add);
        }
    }

    private sealed class Lines(Invocation call, JsonObject info)
    {
        public void Add(string line) => call.Out.Line(line);

        public Lines Number(string label, string member) => Write(label, info.Int(member).ToString(CultureInfo.InvariantCulture));

        public Lines Truth(string label, string member) => Write(label, info.Is(member) ? "true" : "false");

        public Lines Always(string label, string member) => Write(label, info.Text(member));

        public Lines Some(string label, string member) => info.Text(member).Length > 0 ? Write(label, info.Text(member)) : this;

        private Lines Write(string label, string value)
        {
            Add($"{label}: {value}");
            return this;
        }
    }
}
