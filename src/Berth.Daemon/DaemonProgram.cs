using System.Diagnostics;
using Berth.Daemon.Hosting;
using Berth.Daemon.Http;
using Berth.Daemon.Logging;
using Berth.Daemon.Options;
using Berth.Daemon.Routing;
using Berth.Engine;
using Berth.Images.Limits;
using Berth.Images.Registries.Http;
using Berth.Images.Signatures;
using Berth.Linux;
using Berth.Linux.Files;
using Berth.Linux.Memory;
using Berth.Linux.Processes;
using Berth.Linux.Tracing;
using Berth.Storage;
using Berth.Storage.Failpoints;
using Microsoft.Extensions.Logging;

namespace Berth.Daemon;

/// <summary>
/// berthd: the Engine API over Unix sockets. From here a request goes Http/ApiApplication, Routing/Router, Endpoints/NOUN/VERB, and
/// then into Berth.Engine.
/// </summary>
internal static class DaemonProgram
{
    private const int Misused = 2;

    // 0022. A socket bound under it cannot be written by others, so none can connect before its group is set.
    private const uint UsualMask = 0x12;

    // What is open at the end (a follower of logs, say) is broken off after this.
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(2);

    /// <summary>The program's version.</summary>
    public static string Version { get; } = typeof(DaemonProgram).Assembly.GetName().Version?.ToString(3) ?? "0";

    public static async Task<int> RunAsync(string[] args)
    {
        DaemonOptions options;
        try
        {
            options = CommandLine.Parse(args);
        }
        catch (FormatException e)
        {
            await Console.Error.WriteLineAsync($"berthd: {e.Message}\nSee 'berthd --help'.").ConfigureAwait(false);
            return Misused;
        }

        if (options.Action != DaemonAction.Run)
        {
            Console.Out.Write(options.Action == DaemonAction.PrintHelp ? CommandLine.Help() : $"berthd version {Version}\n");
            return 0;
        }

        using var loggers = new StderrLoggerFactory(options.LogLevel);
        ILogger log = loggers.CreateLogger("berthd");
        try
        {
            await ServeAsync(options, loggers, log).ConfigureAwait(false);
            return 0;
        }
        catch (Exception e) when (e is EngineException or LinuxException or IOException or UnauthorizedAccessException or FormatException)
        {
            DaemonLog.CannotStart(log, e.Message);
            DaemonLog.CannotStartDetail(log, e);
            return 1;
        }
    }

    private static async Task ServeAsync(DaemonOptions options, StderrLoggerFactory loggers, ILogger log)
    {
        using var signals = new StopSignals();
        CreationMask.Set(UsualMask);
        using DataRootLock exclusive = DataRootLock.Take(options.Root);
        foreach (string socket in options.ListenAt)
        {
            SocketAccess.Prepare(socket);
        }

        string pidFile = options.PidFile ?? options.Root.PidFile;
        Directory.CreateDirectory(options.RunRoot);
        await File.WriteAllTextAsync(pidFile, $"{Environment.ProcessId}\n").ConfigureAwait(false);
        try
        {
            await ServeAsync(options, loggers, log, signals).ConfigureAwait(false);
        }
        finally
        {
            File.Delete(pidFile); // also where it could not start
        }

        DaemonLog.Stopped(log);
    }

    private static async Task ServeAsync(DaemonOptions options, StderrLoggerFactory loggers, ILogger log, StopSignals signals)
    {
        EngineOptions engineOptions = EngineOptionsOf(options) with { Log = report => DaemonLog.Reported(log, report) };
        EngineHost engine = await EngineHost.StartAsync(engineOptions, CancellationToken.None).ConfigureAwait(false);
        await using (engine.ConfigureAwait(false))
        {
            engine.Warnings.ToList().ForEach(warning => DaemonLog.Degraded(log, warning));
            var server = new DaemonServer(options.ListenAt, loggers);
            await using (server.ConfigureAwait(false))
            {
                var services = new DaemonServices(engine, options, engineOptions, EngineId.Of(options.Root));
                var application = new ApiApplication(new Router([.. RouteTable.Routes, .. RouteTable.Own]), services, log);
                await ListenAsync(server, application, options, log).ConfigureAwait(false);
                DaemonLog.Stopping(log, await signals.Received.ConfigureAwait(false));
                Readiness.Notify(Environment.GetEnvironmentVariable("NOTIFY_SOCKET"), "STOPPING=1");
                using var grace = new CancellationTokenSource(Grace);
                await server.StopAsync(grace.Token).ConfigureAwait(false);
            }
        }
    }

    private static async Task ListenAsync(DaemonServer server, ApiApplication application, DaemonOptions options, ILogger log)
    {
        await server.StartAsync(application, CancellationToken.None).ConfigureAwait(false);
        foreach (string socket in options.ListenAt)
        {
            if (SocketAccess.Grant(socket, "/etc/group") is null)
            {
                DaemonLog.NoSocketGroup(log, socket);
            }
        }

        Readiness.Notify(Environment.GetEnvironmentVariable("NOTIFY_SOCKET"), "READY=1");
        using Process self = Process.GetCurrentProcess();
        DaemonLog.Ready(log, Version, (long)(DateTime.Now - self.StartTime).TotalMilliseconds, string.Join(", ", options.ListenAt));
        ProgramPages.GiveBack(); // what only the start needed
    }

    private static EngineOptions EngineOptionsOf(DaemonOptions options)
    {
        string beside = Path.GetDirectoryName(Environment.ProcessPath) ?? "/";
        string builtIn = options.BuiltInImage ?? Path.Join(Path.GetDirectoryName(beside), "share", "berth", "busybox.tar");
        string? trace = Environment.GetEnvironmentVariable("BERTH_TRACE");
        return new EngineOptions
        {
            OpenFiles = OpenFileLimit.Raise(), // a published port is two descriptors (IPv4, IPv6) on their way to the monitor
            DataRoot = options.DataRoot,
            RunRoot = options.RunRoot,
            Bridge = options.Bridge,
            BridgeAddress = options.BridgeAddress,
            Mtu = options.Mtu,
            HostBinding = options.HostBinding,
            EnableIpv6 = options.EnableIpv6,
            BridgeIpv6Address = options.BridgeIpv6Address,
            Range = options.Range,
            Ipv6Range = options.Ipv6Range,
            DefaultGateway = options.DefaultGateway,
            DefaultIpv6Gateway = options.DefaultIpv6Gateway,
            AddressPools = options.AddressPools,
            InterContainer = options.InterContainer,
            PublishThroughHost = options.PublishThroughHost,
            Registries = options.Registries with { Proxy = ProxySettings.FromEnvironment(Environment.GetEnvironmentVariable), UserAgent = $"berth/{Version}" },
            SignaturePolicy = SignaturePolicy.Read(options.SignaturePolicy),
            CgroupParent = options.CgroupParent,
            RuntimePath = options.Runtime ?? Path.Join(beside, "berth-runtime"),
            BuiltInImage = builtIn,
            DiskLimits = new DiskLimits(options.ImageCap, options.FreeSpaceFloor),
            Durable = Durable.FromEnvironment(),
            Trace = TraceLog.Open(trace, "berthd"),
            MonitorEnvironment = string.IsNullOrEmpty(trace) ? [] : [$"BERTH_TRACE={trace}"],
        };
    }
}
