using System.IO.Pipelines;
using Berth.Engine.Streams;

namespace Berth.Daemon.Tests.Hijack;

/// <summary>A stream session that the test writes.</summary>
internal sealed class FakeSession(bool raw, Func<PipeReader, PipeWriter, CancellationToken, Task> run) : StreamSession
{
    public override bool Raw => raw;

    public override Task RunAsync(PipeReader? input, PipeWriter output, CancellationToken cancel) => run(input!, output, cancel);
}
