using Berth.Linux.Notify;

namespace Berth.Linux.Tests.Notify;

public sealed class FolderWatcherTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly string _folder = Directory.CreateTempSubdirectory("berth-watch-").FullName;
    private readonly FolderWatcher _watcher = new();

    public void Dispose()
    {
        _watcher.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task WritesAndRenamesAreTold()
    {
        using var told = new SemaphoreSlim(0);
        using IDisposable watch = _watcher.Add(_folder, () => told.Release());
        File.WriteAllText(Path.Join(_folder, "a"), "x");
        Assert.True(await told.WaitAsync(Patience));
        while (await told.WaitAsync(0))
        {
        }

        File.Move(Path.Join(_folder, "a"), Path.Join(_folder, "b"));
        Assert.True(await told.WaitAsync(Patience));
    }

    [Fact]
    public async Task OneFolderHasManyWatchersWhoLeaveOneByOne()
    {
        using var first = new SemaphoreSlim(0);
        using var second = new SemaphoreSlim(0);
        IDisposable leaving = _watcher.Add(_folder, () => first.Release());
        using IDisposable staying = _watcher.Add(_folder, () => second.Release());
        leaving.Dispose();
        leaving.Dispose(); // twice does no harm
        File.WriteAllText(Path.Join(_folder, "a"), "x");
        Assert.True(await second.WaitAsync(Patience));
        Assert.Equal(0, first.CurrentCount);
    }

    [Fact]
    public void AMissingFolderIsTheCallersError() => Assert.Throws<LinuxException>(() => _watcher.Add("/nope", () => { }));
}
