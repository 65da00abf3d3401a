using System.Diagnostics;

using Berth.Images;
using Berth.Oci.References;
using Berth.Storage;
using Berth.Storage.Failpoints;

// usage: DATA_ROOT load FILE | import FILE NAME | remove NAME | repair
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
    case "repair":
        await services.Repair.RunAsync(CancellationToken.None);
        break;
    default:
        Console.Error.WriteLine($"what is {args[1]}?");
        return 2;
}

Console.WriteLine($"{services.Durable.Count - before} steps, {watch.ElapsedMilliseconds} ms");
return 0;
