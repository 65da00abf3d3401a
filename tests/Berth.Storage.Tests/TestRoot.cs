using Berth.Linux.Trees;
using Berth.Storage;
using Berth.Storage.Failpoints;

namespace Berth.Tests;

/// <summary>A data root of its own in a temporary folder, opened, and removed at the end.</summary>
public sealed class TestRoot : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("berth-storage-").FullName;

    public TestRoot() => Services = Open();

    public StorageServices Services { get; private set; }

    public DataRoot Root => Services.Root;

    /// <summary>A folder beside the data root, for whatever the test needs.</summary>
    public string Scratch(string name)
    {
        string path = Path.Join(_folder, name);
        Directory.CreateDirectory(path);
        return path;
    }

    /// <summary>Closes everything and opens it again, as a restart of the daemon does.</summary>
    public async Task RestartAsync()
    {
        Services.Dispose();
        Services = Open();
        await Services.Repair.RunAsync(TestContext.Current.CancellationToken);
    }

    public void Dispose()
    {
        Services.Dispose();
        TreeRemoval.Remove(_folder);
    }

    private StorageServices Open() => StorageServices.Open(new DataRoot(Path.Join(_folder, "data"), Path.Join(_folder, "run")), Durable.None());
}
