using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Berth.Testing.Processes;

namespace Berth.Testing.Daemons;

/// <summary>Debian's docker-registry on loopback, with a folder and a port of its own.</summary>
public sealed class DockerRegistry : IAsyncDisposable
{
    public const string User = "eve", Password = "sesame";

    // bcrypt of the password, as htpasswd -B writes it.
    private const string Htpasswd = "eve:$2y$05$abcdefghijklmnopqrstuuKcS.CYWVYVaLiiCKrrc0A5s3mGesJ9O\n";
    private const string Program = "/usr/bin/docker-registry";

    private readonly Process _process;
    private readonly string[] _inside;

    private DockerRegistry(Process process, string folder, string host, int port, string[] inside) => (_process, Folder, Host, Port, _inside) = (process, folder, host, port, inside);

    public static bool IsInstalled => File.Exists(Program);

    /// <summary>Its storage and settings; its own to remove.</summary>
    public string Folder { get; }

    public string Host { get; }

    public int Port { get; }

    /// <summary>As in a reference.</summary>
    public string Name => string.Create(CultureInfo.InvariantCulture, $"{Host}:{Port}");

    /// <param name="basic">Demands <see cref="User"/> and <see cref="Password"/>.</param>
    /// <param name="tls">PEM files of a certificate and its key; null: plain HTTP.</param>
    /// <param name="folder">Another registry's, to go on with its images; null: a new one.</param>
    /// <param name="network">Where it listens; null: the tests' own.</param>
    /// <param name="host">The address it listens at.</param>
    public static async Task<DockerRegistry> StartAsync(
        bool basic = false, (string Certificate, string Key)? tls = null, string? folder = null, NetworkNamespace? network = null, string host = "127.0.0.1")
    {
        folder ??= Directory.CreateTempSubdirectory("berth-registry-").FullName;
        int port = FreePort();
        string settings = Path.Join(folder, $"config-{port}.yml");
        await File.WriteAllTextAsync(Path.Join(folder, "htpasswd"), Htpasswd).ConfigureAwait(false);
        await File.WriteAllTextAsync(settings, Settings(folder, $"{host}:{port}", basic, tls)).ConfigureAwait(false);
        string[] inside = network is null ? [] : ["nsenter", $"--net={network.Path}"];
        string[] command = [.. inside, Program, "serve", settings];
        Process process = Run.Start(command[0], command[1..]);
        _ = process.StandardOutput.BaseStream.CopyToAsync(Stream.Null);
        _ = process.StandardError.BaseStream.CopyToAsync(Stream.Null);
        var registry = new DockerRegistry(process, folder, host, port, inside);
        await Until.TrueAsync(registry.ListensAsync, $"docker-registry listens at {port}").ConfigureAwait(false);
        return registry;
    }

    /// <summary>Copies an image into it with skopeo, from anything that skopeo reads.</summary>
    /// <param name="source">E.g. "docker-archive:/x.tar".</param>
    /// <param name="name">Repository and tag.</param>
    /// <param name="options">Further options of skopeo copy.</param>
    public async Task PushAsync(string source, string name, params string[] options) => _ = (await Run.Async(
        "env", [.. _inside, "skopeo", "copy", "--insecure-policy", "--dest-tls-verify=false", "--dest-creds", $"{User}:{Password}", .. options, source, $"docker://{Name}/{name}"], null).ConfigureAwait(false)).Text;

    /// <summary>Ends it as a crash would; what it holds stays.</summary>
    public async Task StopAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        await _process.WaitForExitAsync().ConfigureAwait(false);
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync().ConfigureAwait(false);
        _process.Dispose();
        if (Directory.Exists(Folder))
        {
            Directory.Delete(Folder, recursive: true);
        }
    }

    private static string Settings(string folder, string address, bool basic, (string Certificate, string Key)? tls)
    {
        var text = new StringBuilder("version: 0.1\nlog: {level: error}\n");
        text.Append(CultureInfo.InvariantCulture, $"storage: {{filesystem: {{rootdirectory: {folder}/data}}, delete: {{enabled: true}}}}\nhttp:\n  addr: {address}\n  secret: test\n");
        if (tls is { } files)
        {
            text.Append(CultureInfo.InvariantCulture, $"  tls: {{certificate: {files.Certificate}, key: {files.Key}}}\n");
        }

        return basic ? text.Append(CultureInfo.InvariantCulture, $"auth: {{htpasswd: {{realm: test, path: {folder}/htpasswd}}}}\n").ToString() : text.ToString();
    }

    private async Task<bool> ListensAsync()
    {
        if (_process.HasExited)
        {
            throw new InvalidOperationException($"docker-registry ended with {_process.ExitCode}");
        }

        ProcessResult connected = await Run.Async("env", [.. _inside, "bash", "-c", $"</dev/tcp/{Host}/{Port}"], null).ConfigureAwait(false);
        return connected.ExitCode == 0;
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
