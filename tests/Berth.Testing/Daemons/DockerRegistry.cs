using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
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

    private DockerRegistry(Process process, string folder, int port) => (_process, Folder, Port) = (process, folder, port);

    public static bool IsInstalled => File.Exists(Program);

    /// <summary>Its storage and settings; its own to remove.</summary>
    public string Folder { get; }

    public int Port { get; }

    /// <summary>As in a reference.</summary>
    public string Name => string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{Port}");

    /// <param name="basic">Demands <see cref="User"/> and <see cref="Password"/>.</param>
    /// <param name="tls">PEM files of a certificate and its key; null: plain HTTP.</param>
    /// <param name="folder">Another registry's, to go on with its images; null: a new one.</param>
    public static async Task<DockerRegistry> StartAsync(bool basic = false, (string Certificate, string Key)? tls = null, string? folder = null)
    {
        folder ??= Directory.CreateTempSubdirectory("berth-registry-").FullName;
        int port = FreePort();
        string settings = Path.Join(folder, $"config-{port}.yml");
        await File.WriteAllTextAsync(Path.Join(folder, "htpasswd"), Htpasswd).ConfigureAwait(false);
        await File.WriteAllTextAsync(
            settings,
            $"""
            version: 0.1
            log: {"{"}level: error{"}"}
            storage: {"{"}filesystem: {"{"}rootdirectory: {folder}/data{"}"}, delete: {"{"}enabled: true{"}"}{"}"}
            http:
              addr: 127.0.0.1:{port}
              secret: test
            {(tls is { } files ? $"  tls: {{certificate: {files.Certificate}, key: {files.Key}}}" : "")}
            {(basic ? $"auth: {{htpasswd: {{realm: test, path: {folder}/htpasswd}}}}" : "")}
            """).ConfigureAwait(false);
        Process process = Run.Start(Program, ["serve", settings]);
        _ = process.StandardOutput.BaseStream.CopyToAsync(Stream.Null);
        _ = process.StandardError.BaseStream.CopyToAsync(Stream.Null);
        var registry = new DockerRegistry(process, folder, port);
        await Until.TrueAsync(registry.ListensAsync, $"docker-registry listens at {port}").ConfigureAwait(false);
        return registry;
    }

    /// <summary>Copies an image into it with skopeo, from anything that skopeo reads.</summary>
    /// <param name="source">E.g. "docker-archive:/x.tar".</param>
    /// <param name="name">Repository and tag.</param>
    /// <param name="options">Further options of skopeo copy.</param>
    public async Task PushAsync(string source, string name, params string[] options) => _ = (await Run.Async(
        "skopeo", ["copy", "--insecure-policy", "--dest-tls-verify=false", "--dest-creds", $"{User}:{Password}", .. options, source, $"docker://{Name}/{name}"], null).ConfigureAwait(false)).Text;

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

    private async Task<bool> ListensAsync()
    {
        if (_process.HasExited)
        {
            throw new InvalidOperationException($"docker-registry ended with {_process.ExitCode}");
        }

        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync(IPAddress.Loopback, Port).ConfigureAwait(false);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
