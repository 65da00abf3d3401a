using System.Threading.Channels;

namespace Berth.Daemon.Endpoints.Images;

/// <summary>Passes lines of progress on in their order. (Progress of T would send each to the thread pool by itself.)</summary>
internal sealed class LineProgress(ChannelWriter<string> lines) : IProgress<string>
{
    public void Report(string value) => lines.TryWrite(value);
}
