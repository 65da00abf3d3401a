using Berth.Images.Check;
using Berth.Images.Pull;
using Berth.Images.Registries;
using Berth.Images.Tests.Pull;
using Berth.Images.Tests.Registries;
using Berth.Oci.References;
using Berth.Storage;
using Berth.Storage.Database;
using Berth.Tests;

namespace Berth.Images.Tests;

/// <summary>
/// A program does one act on a data root and is killed by SIGKILL after its n-th durable step, for n = 1, 2, 3 … until it survives. After each,
/// the start-up sweep runs, and then there must be a row for every file and a file for every row; the same act again must succeed.
/// </summary>
public sealed class CrashTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("berth-crash-").FullName;

    public void Dispose() => TestShell.Run($"rm -rf {_folder}");

    [Fact]
    public async Task LoadKilledAtEveryStep()
    {
        for (int n = 1; ; n++)
        {
            string root = Path.Join(_folder, $"load{n}");
            bool survived = await CrashProgram.RunAsync($"kill@{n}", root, "load", BusyboxImage.Archive);
            await RepairAsync(root);
            Consistent(root, survived ? [1] : [0, 1]);
            await LoadAsync(root);
            Consistent(root, [1]);
            if (survived)
            {
                Assert.True(n > 8, $"only {n} durable steps were met");
                return;
            }
        }
    }

    [Fact]
    public async Task ImportOfAPackedArchiveKilledAtEveryStep()
    {
        string archive = Path.Join(_folder, "fs.tar.gz");
        TestShell.Run($"mkdir -p {_folder}/fs/a/b && echo x >{_folder}/fs/a/b/c && tar -C {_folder}/fs -czf {archive} .");
        for (int n = 1; ; n++)
        {
            string root = Path.Join(_folder, $"import{n}");
            bool survived = await CrashProgram.RunAsync($"kill@{n}", root, "import", archive, "fs");
            await RepairAsync(root);
            Consistent(root, [0, 1]);
            if (survived)
            {
                Consistent(root, [1]);
                return;
            }
        }
    }

    [Fact]
    public async Task CommitKilledAtEveryStep()
    {
        for (int n = 1; ; n++)
        {
            string root = Path.Join(_folder, $"commit{n}");
            await LoadAsync(root);
            bool survived = await CrashProgram.RunAsync($"kill@{n}", root, "commit", "made");
            await RepairAsync(root);
            Consistent(root, survived ? [2] : [1, 2]);
            Assert.True(await CrashProgram.RunAsync("kill@100000", root, "commit", "again"));
            await RepairAsync(root);
            Consistent(root, survived ? [3] : [2, 3]);
            if (survived)
            {
                Assert.True(n > 8, $"only {n} durable steps were met");
                return;
            }
        }
    }

    /// <summary>Layers and blobs of a pull that was killed may be there, kept for the next one; the same pull again brings the image.</summary>
    [Fact]
    public async Task PullKilledAtEveryStep()
    {
        var repository = new ScriptedRepository();
        repository.Image("latest", [ArchiveBuilder.Layer("one", new string('1', 400_000)), ArchiveBuilder.Layer("two", "2"), ArchiveBuilder.Layer("three", "3")]);
        using var server = new ScriptedServer(repository.Answer);
        string hosts = Path.Join(_folder, "hosts"), name = $"{server.Name}/x:latest";
        RegistryOptions options = server.Options(hosts);
        for (int n = 1; ; n++)
        {
            string root = Path.Join(_folder, $"pull{n}");
            bool survived = await CrashProgram.RunAsync($"kill@{n}", root, "pull", name, hosts);
            await RepairAsync(root);
            using (StorageServices services = Open(root))
            {
                await new ImagePuller(services.Database, services.Content, services.Layers, options)
                    .PullAsync(new PullRequest { Reference = ImageReference.Parse(name) }, new Progress<PullStep>(), TestContext.Current.CancellationToken);
                var check = new StoreCheck(services.Database, services.Content, services.Layers, services.Check, services.Collector);
                await check.RunAsync(repair: false, finding => Assert.Fail($"step {n}: {finding}"), TestContext.Current.CancellationToken);
                Assert.Equal(400_002, new ImageStore(services.Database, services.Content, services.Layers, services.Collector).Resolve(name).Size);
                Assert.Empty(Directory.GetFileSystemEntries(services.Root.Partials));
                Assert.Empty(Directory.GetFileSystemEntries(services.Root.Ingests));
                Assert.Equal(4, Directory.GetFileSystemEntries(services.Root.Snapshots).Length); // three, and the empty one
            }

            if (survived)
            {
                Assert.True(n > 12, $"only {n} durable steps were met");
                return;
            }
        }
    }

    [Fact]
    public async Task RemovalKilledAtEveryStep()
    {
        for (int n = 1; ; n++)
        {
            string root = Path.Join(_folder, $"remove{n}");
            await LoadAsync(root);
            bool survived = await CrashProgram.RunAsync($"kill@{n}", root, "remove", "busybox");
            await RepairAsync(root);
            Consistent(root, survived ? [0] : [0, 1]);
            await LoadAsync(root);
            Consistent(root, [1]);
            if (survived)
            {
                return;
            }
        }
    }

    /// <summary>The sweep itself may be killed, and is done by the next start.</summary>
    [Fact]
    public async Task RepairKilledAtEveryStep()
    {
        for (int n = 1; ; n++)
        {
            string root = Path.Join(_folder, $"repair{n}");
            Assert.False(await CrashProgram.RunAsync("kill@snapshot-folder:1", root, "load", BusyboxImage.Archive));
            bool survived = await CrashProgram.RunAsync($"kill@{n}", root, "repair");
            await RepairAsync(root);
            Consistent(root, [0]);
            if (survived)
            {
                return;
            }
        }
    }

    /// <summary>A layer is damaged; its repair is killed; the next start and the next check see to it.</summary>
    [Fact]
    public async Task CheckKilledAtEveryStep()
    {
        for (int n = 1; ; n++)
        {
            string root = Path.Join(_folder, $"check{n}");
            await LoadAsync(root);
            File.WriteAllText(Path.Join(Directory.GetDirectories(Path.Join(root, "data/snapshots")).Single(d => !d.EndsWith("empty", StringComparison.Ordinal)), "fs/stray"), "");
            bool survived = await CrashProgram.RunAsync($"kill@{n}", root, "check");
            using (Storage.StorageServices services = Open(root))
            {
                Assert.Empty(await new LayerRecovery(services.Database, services.Content, services.Layers, services.Sync).RunAsync(TestContext.Current.CancellationToken));
                await services.Repair.RunAsync(TestContext.Current.CancellationToken);
                var check = new StoreCheck(services.Database, services.Content, services.Layers, services.Check, services.Collector);
                await check.RunAsync(repair: true, finding => Assert.True(finding.IsRepaired, finding.ToString()), TestContext.Current.CancellationToken);
                await check.RunAsync(repair: false, finding => Assert.Fail(finding.ToString()), TestContext.Current.CancellationToken);
            }

            Consistent(root, [1]);
            if (survived)
            {
                Assert.True(n > 5, $"only {n} durable steps were met");
                return;
            }
        }
    }

    // What must not be killed is done here: starting a program takes longer than the act itself.
    private static async Task RepairAsync(string folder)
    {
        using Storage.StorageServices services = Open(folder);
        await services.Repair.RunAsync(TestContext.Current.CancellationToken);
    }

    private static async Task LoadAsync(string folder)
    {
        using Storage.StorageServices services = Open(folder);
        var images = new ImageStore(services.Database, services.Content, services.Layers, services.Collector);
        await using FileStream archive = BusyboxImage.Open();
        await images.LoadAsync(archive, new Progress<string>(), TestContext.Current.CancellationToken);
    }

    private static Storage.StorageServices Open(string folder) =>
        Storage.StorageServices.Open(new Storage.DataRoot(Path.Join(folder, "data"), Path.Join(folder, "run")), Storage.Failpoints.Durable.None());

    // Opened without the sweep, which would hide what the sweep before has missed.
    private static void Consistent(string folder, int[] images)
    {
        var root = new Storage.DataRoot(Path.Join(folder, "data"), Path.Join(folder, "run"));
        using BerthDatabase database = BerthDatabase.Open(root, Storage.Failpoints.Durable.None());
        database.Read(s =>
        {
            Assert.Contains((int)s.Number("SELECT count(*) FROM images"), images);
            Assert.Equal(0, s.Number("SELECT count(*) FROM leases"));
            Assert.Equal(s.Number("SELECT count(*) FROM layers"), s.Number("SELECT count(*) FROM snapshots"));
            Assert.Equal(s.Number("SELECT count(*) FROM images"), s.Number("SELECT count(*) FROM layers"));
            Assert.Equal(s.Number("SELECT count(*) FROM images"), s.Number("SELECT count(*) FROM tags"));
            Assert.Equal(s.Query("SELECT substr(digest, 8) FROM blobs ORDER BY 1", r => r.GetString(0)), Names(root.Blobs));
            Assert.Equal(s.Query("SELECT CAST(id AS TEXT) FROM snapshots UNION ALL SELECT 'empty' ORDER BY 1", r => r.GetString(0)), Names(root.Snapshots));
            Assert.Empty(Names(root.Ingests));
            Assert.Empty(Names(root.Trash));
            return true;
        });
    }

    private static List<string> Names(string folder) => [.. Directory.GetFileSystemEntries(folder).Select(p => Path.GetFileName(p)!).Order(StringComparer.Ordinal)];
}
