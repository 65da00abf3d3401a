using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Berth.Bench.Images;

/// <summary>Debian's docker-registry on the loopback, with a folder of its own.</summary>
internal sealed class Registry : IDisposable
{
    private readonly Process _process;

    public Registry(string root)
    {
        Port = FreePort();
        string folder = Directory.CreateDirectory($"{root}/registry").FullName;
        string configuration = $"{folder}/config.yml";
        File.WriteAllText(configuration, $"version: 0.1\nlog: {{level: error, accesslog: {{disabled: true}}}}\nstorage: {{filesystem: {{rootdirectory: {folder}/data}}, delete: {{enabled: true}}}}\nhttp: {{addr: 127.0.0.1:{Port}}}\n");
        _process = Command.Serve($"{folder}/log", "/usr/bin/docker-registry", "serve", configuration);
        var limit = Stopwatch.StartNew();
        while (!Answers(Port))
        {
            if (_process.HasExited || limit.Elapsed > TimeSpan.FromSeconds(20))
            {
                throw new InvalidOperationException($"docker-registry did not come up:\n{File.ReadAllText($"{folder}/log")}");
            }

            Thread.Sleep(20);
        }
    }

    public int Port { get; }

    /// <summary>Copies the image of a docker archive there, its layers compressed as "docker push" does.</summary>
    public void Push(string archive, string name) => Command.Output("skopeo", "copy", "--quiet", "--dest-tls-verify=false", $"docker-archive:{archive}", $"docker://127.0.0.1:{Port}/{name}");

    public void Dispose()
    {
        _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static bool Answers(int port)
    {
        using var probe = new Socket(SocketType.Stream, ProtocolType.Tcp);
        try
        {
            probe.Connect(IPAddress.Loopback, port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
