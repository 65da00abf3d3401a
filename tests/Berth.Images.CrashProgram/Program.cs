using System.Diagnostics;

using Berth.Images;
using Berth.Images.Check;
using Berth.Images.Commit;
using Berth.Images.Pull;
using Berth.Images.Registries;
using Berth.Oci.Digests;
using Berth.Oci.Images;
using Berth.Oci.References;
using Berth.Storage;
using Berth.Storage.Content.Partials;
using Berth.Storage.Failpoints;
using Berth.Storage.Layers;
using Berth.Storage.Leases;
using Berth.Storage.Snapshots;

// usage: DATA_ROOT load FILE | import FILE NAME | remove NAME | commit NAME | repair | fetch FILE | pull NAME HOSTS | check
// Obeys BERTH_FAILPOINT; prints how many durable steps it took and how long.
string folder = args[0];
using StorageServices services = StorageServices.Open(new DataRoot(Path.Join(folder, "data"), Path.Join(folder, "run")), Durable.FromEnvironment());
var images = new ImageStore(services.Database, services.Content, services.Layers, services.Collector);
int before = services.Durable.Count;
var watch = Stopwatch.StartNew();
switch (args[1])
{
    case "load":
        await using (FileStream archive = File.OpenRead(args[2]))
        {
            await images.LoadAsync(archive, new Progress<string>(), CancellationToken.None);
        }

        break;
    case "import":
        await using (FileStream archive = File.OpenRead(args[2]))
        {
            await images.ImportAsync(archive, new ImportRequest { Reference = ImageReference.Parse(args[3]) }, CancellationToken.None);
        }

        break;
    case "remove":
        await images.RemoveAsync(args[2], force: false, keepParents: false, CancellationToken.None);
        break;
    case "commit":
        await using (Lease lease = await Lease.CreateAsync(services.Database, "container", CancellationToken.None))
        {
            var key = new SnapshotKey("container");
            ImageRecord image = images.Resolve("busybox");
            await services.Snapshots.PrepareAsync(key, image.Chain, SnapshotDurability.Durable, lease, CancellationToken.None);
            File.WriteAllText(Path.Join(services.Snapshots.ChangesOf(key), "file"), "changed");
            var commit = new ImageCommit(services.Database, services.Content, services.Layers, new LayerArchiver(services.Root, services.Snapshots), images);
            await commit.CommitAsync(
                new CommitRequest { Snapshot = key, Parent = image.Id, Config = new ImageConfig(), Reference = ImageReference.Parse(args[2]) }, () => Task.CompletedTask, CancellationToken.None);
        }

        break;
    case "fetch":
        // As a pull does: from two connections, in small pieces.
        byte[] bytes = File.ReadAllBytes(args[2]);
        await using (Lease lease = await Lease.CreateLastingAsync(services.Database, "fetch", CancellationToken.None))
        {
            await using PartialBlob blob = await services.Content.JoinAsync(Digest.Of(bytes), bytes.Length, lease, null, CancellationToken.None);
            await blob.FetchAsync(
                (writer, _) =>
                {
                    foreach (ByteRange range in writer.Missing().SelectMany(r => (ByteRange[])[r with { Start = r.Start + (r.Length / 2) }, r with { End = r.Start + (r.Length / 2) }]))
                    {
                        for (long at = range.Start; at < range.End; at += 65536)
                        {
                            writer.Write(at, bytes.AsSpan((int)at, (int)Math.Min(65536, range.End - at)));
                        }
                    }

                    return Task.CompletedTask;
                },
                CancellationToken.None);
        }

        break;
    case "pull":
        await new ImagePuller(services.Database, services.Content, services.Layers, new RegistryOptions { HostsFolders = [args[3]] })
            .PullAsync(new PullRequest { Reference = ImageReference.Parse(args[2]) }, new Progress<PullStep>(), CancellationToken.None);
        break;
    case "check":
        await new StoreCheck(services.Database, services.Content, services.Layers, services.Check, services.Collector).RunAsync(repair: true, _ => { }, CancellationToken.None);
        break;
    case "repair":
        await services.Repair.RunAsync(CancellationToken.None);
        break;
    default:
        Console.Error.WriteLine($"what is {args[1]}?");
        return 2;
}

Console.WriteLine($"{services.Durable.Count - before} steps, {watch.ElapsedMilliseconds} ms");
return 0;
