using System.Diagnostics;
using System.Security.Cryptography;

namespace Berth.Bench.Images;

/// <summary>A pull of one layer of 1 GB, the daemon killed at nine tenths of it, and the same pull again: how much comes over the wire a second time.</summary>
internal sealed class Resume(string root, Engine berth, TextWriter output)
{
    private const int Megabytes = 1000;

    public void Run()
    {
        string folder = Directory.CreateDirectory($"{root}/large").FullName, layer = $"{root}/large.tar", archive = $"{root}/large-image.tar";
        using (FileStream file = File.Create($"{folder}/random"))
        {
            for (int i = 0; i < Megabytes; i++)
            {
                file.Write(RandomNumberGenerator.GetBytes(1 << 20)); // no compression makes it less
            }
        }

        Command.Output("tar", "--create", "--file", layer, "--directory", folder, "random");
        ImageArchive.Write(archive, "large:1", [layer]);
        using var registry = new Registry(root);
        registry.Push(archive, "large:1");
        File.Delete(layer);
        File.Delete(archive);
        Directory.Delete(folder, recursive: true);

        using var proxy = new CountingProxy(registry.Port);
        string reference = $"127.0.0.1:{proxy.Port}/large:1";
        long whole = (long)Megabytes << 20;
        proxy.Reset(whole * 9 / 10);
        using Process pull = Process.Start(new ProcessStartInfo("docker", berth.With("pull", "-q", reference)) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        if (!proxy.Full.Wait(TimeSpan.FromMinutes(5)))
        {
            throw new InvalidOperationException("the pull never came to nine tenths");
        }

        berth.Kill();
        pull.WaitForExit();
        berth.Restart();
        proxy.Reset(long.MaxValue);
        Command.Output("docker", berth.With("pull", "-q", reference));
        double share = (double)proxy.Passed / whole;
        output.WriteLine($"pull of 1 GB, daemon killed at 90 %: {share:P1} fetched again, bar 11 %: {(share <= 0.11 ? "held" : "MISSED")}");
        Command.Output("docker", berth.With("rmi", reference));
    }
}
