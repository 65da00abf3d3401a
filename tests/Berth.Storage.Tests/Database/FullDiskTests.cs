using Berth.Storage.Database;
using Berth.Storage.Failpoints;
using Berth.Tests;

namespace Berth.Storage.Tests.Database;

/// <summary>A file system without a byte left: rows still change, for else nothing could be removed.</summary>
public sealed class FullDiskTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("berth-full-").FullName;

    public FullDiskTests() => TestShell.Run($"mount -t tmpfs -o size=8m berth-test {_folder}");

    public void Dispose()
    {
        TestShell.Run($"umount {_folder}");
        Directory.Delete(_folder);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task RowsStillChange(bool startedFull)
    {
        var root = new DataRoot(_folder, Path.Join(_folder, "run"));
        root.Create();
        BerthDatabase database = BerthDatabase.Open(root, Durable.None());
        await SetAsync(database, 0);
        TestShell.Run($"dd if=/dev/zero of={_folder}/fill bs=4096 2>/dev/null || true");
        if (startedFull)
        {
            database.Dispose();
            TestShell.Run($"dd if=/dev/zero of={_folder}/fill2 bs=4096 2>/dev/null || true; rm {_folder}/fill2");
            database = BerthDatabase.Open(root, Durable.None());
        }

        using (database)
        {
            for (int i = 1; i <= 1000; i++)
            {
                await SetAsync(database, i);
            }

            Assert.Equal(1001, database.Read(static s => s.Number("SELECT count(*) FROM facts WHERE name LIKE 'row%'")));
        }
    }

    private static Task SetAsync(BerthDatabase database, int i) => database.WriteAsync(
        t => t.Execute("INSERT INTO facts (name, value) VALUES (@name, @value)", ("@name", $"row{i}"), ("@value", new string('x', 200))), TestContext.Current.CancellationToken);
}
