using System.Globalization;
using Berth.Daemon.Hosting;
using Berth.Storage;

namespace Berth.Daemon.Tests.Hosting;

public sealed class DataRootLockTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("berth-lock-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void ASecondDaemonIsRefusedByName()
    {
        var root = new DataRoot(Path.Join(_folder, "new"), _folder);
        using DataRootLock first = DataRootLock.Take(root);
        EngineException refused = Assert.Throws<EngineException>(() => DataRootLock.Take(root));
        Assert.Equal(EngineErrorKind.Conflict, refused.Kind);
        Assert.Contains(root.Data, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ItIsFreeAgainAfterwards()
    {
        var root = new DataRoot(_folder, _folder);
        DataRootLock.Take(root).Dispose();
        DataRootLock.Take(root).Dispose();
        Assert.Equal(Environment.ProcessId.ToString(CultureInfo.InvariantCulture), File.ReadAllText(root.LockFile));
    }

    [Fact]
    public void TheEnginesIdStays()
    {
        var root = new DataRoot(_folder, _folder);
        string id = EngineId.Of(root);
        Assert.True(Guid.TryParse(id, out _));
        Assert.Equal(id, EngineId.Of(root));
    }
}
