using System.Text.Json;
using Berth.Linux;
using Berth.Storage;
using Microsoft.AspNetCore.Http;

namespace Berth.Daemon.Http;

/// <summary>The answer to a request that failed: the one place where kinds of failure become status codes.</summary>
/// <param name="Status">HTTP status.</param>
/// <param name="Message">For the user.</param>
/// <param name="IsDefect">Nothing that the user did: worth a stack trace in the log.</param>
internal sealed record ApiError(int Status, string Message, bool IsDefect = false)
{
    public static ApiError Of(Exception failure) => failure switch
    {
        EngineException e => new ApiError(StatusOf(e.Kind), e.Message, e.Kind == EngineErrorKind.Internal),
        FormatException e => new ApiError(StatusCodes.Status400BadRequest, e.Message),
        JsonException e => new ApiError(StatusCodes.Status400BadRequest, $"invalid JSON: {JsonFault.Describe(e)}"),
        BadHttpRequestException e => new ApiError(e.StatusCode, e.Message),
        IOException { InnerException: OverflowException } e => new ApiError(StatusCodes.Status400BadRequest, e.Message), // Kestrel's, of a chunk size
        LinuxException e => new ApiError(StatusCodes.Status500InternalServerError, e.Message, IsDefect: true),
        _ => new ApiError(StatusCodes.Status500InternalServerError, failure.Message, IsDefect: true),
    };

    private static int StatusOf(EngineErrorKind kind) => kind switch
    {
        EngineErrorKind.Invalid => StatusCodes.Status400BadRequest,
        EngineErrorKind.Unauthorized => StatusCodes.Status401Unauthorized,
        EngineErrorKind.Forbidden => StatusCodes.Status403Forbidden,
        EngineErrorKind.NotFound => StatusCodes.Status404NotFound,
        EngineErrorKind.Conflict => StatusCodes.Status409Conflict,
        EngineErrorKind.NotModified => StatusCodes.Status304NotModified,
        EngineErrorKind.NotImplemented => StatusCodes.Status501NotImplemented,
        EngineErrorKind.Unavailable => StatusCodes.Status503ServiceUnavailable,
        _ => StatusCodes.Status500InternalServerError,
    };
}
