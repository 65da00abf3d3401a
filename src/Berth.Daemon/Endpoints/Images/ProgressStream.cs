using Berth.Api;
using Berth.Daemon.Http;

namespace Berth.Daemon.Endpoints.Images;

/// <summary>Answers that go on after their status line was sent.</summary>
internal static class ProgressStream
{
    /// <summary>Says in the stream what the status code can no longer say.</summary>
    public static Task WriteErrorAsync(ApiCall call, Exception failure)
    {
        ApiError error = ApiError.Of(failure);
        return call.WriteLineAsync(
            new StreamMessage { Error = error.Message, ErrorDetail = new ErrorDetail { Message = error.Message } }, ApiJson.Wire.StreamMessage);
    }
}
