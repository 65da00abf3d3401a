using Berth.Tests;

namespace Berth.Images.Tests;

/// <summary>An image store over a data root of its own.</summary>
internal sealed class TestImages : IDisposable
{
    public TestRoot Root { get; } = new();

    public ImageStore Store => new(Root.Services.Database, Root.Services.Content, Root.Services.Layers, Root.Services.Collector);

    public List<string> Lines { get; } = [];

    public async Task<IReadOnlyList<Berth.Oci.Digests.Digest>> LoadAsync(Stream archive) =>
        await Store.LoadAsync(archive, new Collect(Lines), TestContext.Current.CancellationToken);

    public void Dispose() => Root.Dispose();

    private sealed class Collect(List<string> lines) : IProgress<string>
    {
        public void Report(string value) => lines.Add(value);
    }
}
