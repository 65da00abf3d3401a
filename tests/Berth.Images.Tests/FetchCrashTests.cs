using System.Security.Cryptography;

using Berth.Oci.Digests;
using Berth.Storage;
using Berth.Storage.Content.Partials;
using Berth.Storage.Failpoints;
using Berth.Storage.Leases;
using Berth.Tests;

namespace Berth.Images.Tests;

/// <summary>A fetch is killed by SIGKILL after its n-th durable step, for n = 1, 2, 3 …; the next start keeps what arrived, and the next fetch gets the rest alone.</summary>
public sealed class FetchCrashTests : IDisposable
{
    /// <summary>What may be written and not recorded yet.</summary>
    private const int Unrecorded = 256 << 10;

    private readonly string _folder = Directory.CreateTempSubdirectory("berth-fetch-").FullName;

    public void Dispose() => TestShell.Run($"rm -rf {_folder}");

    [Fact]
    public async Task AFetchKilledAtEveryStepGoesOn()
    {
        byte[] bytes = RandomNumberGenerator.GetBytes(1_500_000);
        string file = Path.Join(_folder, "blob");
        await File.WriteAllBytesAsync(file, bytes, TestContext.Current.CancellationToken);
        long best = 0;
        for (int n = 1; ; n++)
        {
            string root = Path.Join(_folder, $"fetch{n}");
            bool survived = await CrashProgram.RunAsync($"kill@{n}", root, "fetch", file);
            long again = await FinishAsync(root, bytes, n);
            best = Math.Max(best, bytes.Length - again);
            if (survived)
            {
                Assert.Equal(0, again); // the lasting lease kept it over the restart
                Assert.True(n > 8, $"only {n} durable steps were met");
                Assert.True(best > bytes.Length - Unrecorded);
                return;
            }
        }
    }

    // Answers how many bytes had to be fetched again.
    private static async Task<long> FinishAsync(string folder, byte[] bytes, int n)
    {
        Digest name = Digest.Of(bytes);
        using StorageServices services = StorageServices.Open(new DataRoot(Path.Join(folder, "data"), Path.Join(folder, "run")), Durable.None());
        await services.Repair.RunAsync(TestContext.Current.CancellationToken);
        string partial = services.Root.Partial(name, bytes.Length);
        string[] left = Directory.GetFiles(services.Root.Partials);
        Assert.True(left.Length == 0 || left.Order(StringComparer.Ordinal).SequenceEqual([partial, partial + ".ranges"]), $"step {n}: {string.Join(' ', left)}");
        Assert.Equal(services.Content.Find(name) is null ? 0 : 1, Directory.GetFiles(services.Root.Blobs).Length);
        long again = 0;
        await using Lease lease = await Lease.CreateAsync(services.Database, "test", TestContext.Current.CancellationToken);
        await using (PartialBlob blob = await services.Content.JoinAsync(name, bytes.Length, lease, null, TestContext.Current.CancellationToken))
        {
            await blob.FetchAsync(
                (writer, _) =>
                {
                    foreach (ByteRange range in writer.Missing())
                    {
                        again += range.Length;
                        writer.Write(range.Start, bytes.AsSpan((int)range.Start, (int)range.Length));
                    }

                    return Task.CompletedTask;
                },
                TestContext.Current.CancellationToken);
        }

        Assert.Equal(bytes, await File.ReadAllBytesAsync(services.Root.Blob(name), TestContext.Current.CancellationToken));
        Assert.Empty(Directory.GetFiles(services.Root.Partials));
        return again;
    }
}
