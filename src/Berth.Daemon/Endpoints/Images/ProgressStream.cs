using System.Threading.Channels;
using Berth.Api;
using Berth.Daemon.Http;

namespace Berth.Daemon.Endpoints.Images;

/// <summary>Answers that go on after their status line was sent.</summary>
internal static class ProgressStream
{
    /// <summary>Sends what work reports line by line. A failure before the first line has a status of its own, a later one is told in the stream.</summary>
    /// <param name="call">To be answered.</param>
    /// <param name="work">Reports its steps.</param>
    /// <param name="lines">What a step is to the client.</param>
    public static async Task SendAsync<TStep>(ApiCall call, Func<IProgress<TStep>, Task> work, Func<TStep, IEnumerable<StreamMessage>> lines)
    {
        var steps = Channel.CreateUnbounded<TStep>();
        call.Http.Response.ContentType = "application/json"; // before the first line: with that the headers are sent
        Task working = RunAsync(work, steps.Writer);
        await foreach (TStep step in steps.Reader.ReadAllAsync(call.Aborted).ConfigureAwait(false))
        {
            foreach (StreamMessage line in lines(step))
            {
                await call.WriteLineAsync(line, ApiJson.Wire.StreamMessage).ConfigureAwait(false);
            }
        }

        try
        {
            await working.ConfigureAwait(false);
        }
        catch (Exception e) when (call.Http.Response.HasStarted && !call.Aborted.IsCancellationRequested)
        {
            await WriteErrorAsync(call, e).ConfigureAwait(false);
        }
    }

    /// <summary>Says in the stream what the status code can no longer say.</summary>
    public static Task WriteErrorAsync(ApiCall call, Exception failure)
    {
        ApiError error = ApiError.Of(failure);
        return call.WriteLineAsync(
            new StreamMessage { Error = error.Message, ErrorDetail = new ErrorDetail { Message = error.Message } }, ApiJson.Wire.StreamMessage);
    }

    private static async Task RunAsync<TStep>(Func<IProgress<TStep>, Task> work, ChannelWriter<TStep> steps)
    {
        try
        {
            await work(new InOrder<TStep>(steps)).ConfigureAwait(false);
        }
        finally
        {
            steps.Complete();
        }
    }

    // Passes steps on in their order. (Progress of T would send each to the thread pool by itself.)
    private sealed class InOrder<TStep>(ChannelWriter<TStep> steps) : IProgress<TStep>
    {
        public void Report(TStep value) => steps.TryWrite(value);
    }
}
