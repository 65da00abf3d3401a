using System.Text.Json;
using Berth.Api;
using Berth.Daemon.Logging;
using Berth.Daemon.Routing;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;

namespace Berth.Daemon.Http;

/// <summary>What stands between Kestrel and the endpoints: version, route, errors.</summary>
internal sealed class ApiApplication(Router router, DaemonServices services, ILogger log) : IHttpApplication<HttpContext>
{
    public HttpContext CreateContext(IFeatureCollection contextFeatures) => new DefaultHttpContext(contextFeatures);

    public void DisposeContext(HttpContext context, Exception? exception)
    {
        // The context owns nothing but Kestrel's features, and those are Kestrel's.
    }

    public async Task ProcessRequestAsync(HttpContext context)
    {
        // Kestrel decodes all but %2F; clients that escape an image's name whole mean its slashes by it.
        ApiPath path = ApiPath.Parse((context.Request.Path.Value ?? "/").Replace("%2F", "/", StringComparison.OrdinalIgnoreCase));
        Route? route = router.Find(context.Request.Method, path.Rest, out string parameter);
        DaemonLog.Request(log, context.Request.Method, path.Rest);
        try
        {
            if (route is null)
            {
                await WriteErrorAsync(context, new ApiError(StatusCodes.Status404NotFound, "page not found")).ConfigureAwait(false);
                return;
            }

            SetHeaders(context.Response);
            if (path.Version.Refusal() is string refusal)
            {
                await WriteErrorAsync(context, new ApiError(StatusCodes.Status400BadRequest, refusal)).ConfigureAwait(false);
                return;
            }

            if (route.Handler is null)
            {
                await WriteErrorAsync(context, new ApiError(StatusCodes.Status501NotImplemented, Unsupported(route))).ConfigureAwait(false);
                return;
            }

            services.EngineOptions.Trace.Mark(route.Operation);
            await route.Handler(new ApiCall(context, services, route, path.Version, parameter)).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            DaemonLog.ClientGone(log, context.Request.Method, path.Rest);
        }
        catch (Exception e)
        {
            await FailAsync(context, path.Rest, e).ConfigureAwait(false);
        }
    }

    /// <summary>The message of an operation that is not built yet.</summary>
    public static string Unsupported(Route route) => $"berth: {route.Operation} ({route.Method} {route.Template}) is not supported yet";

    private static void SetHeaders(HttpResponse response)
    {
        response.Headers["Api-Version"] = ApiVersion.Current.ToString();
        response.Headers["Docker-Experimental"] = "false";
        response.Headers["Ostype"] = "linux";

        // Clients take the system's name out of this header; the program's name must be Docker for that.
        response.Headers.Server = $"Docker/berth-{DaemonProgram.Version} (linux)";
    }

    private static async Task WriteErrorAsync(HttpContext context, ApiError error)
    {
        context.Response.StatusCode = error.Status;
        if (error.Status == StatusCodes.Status304NotModified || HttpMethods.IsHead(context.Request.Method))
        {
            return;
        }

        byte[] body = JsonSerializer.SerializeToUtf8Bytes(new ErrorResponse { Message = error.Message }, ApiJson.Wire.ErrorResponse);
        context.Response.ContentType = "application/json";
        context.Response.ContentLength = body.Length + 1;
        await context.Response.BodyWriter.WriteAsync((byte[])[.. body, (byte)'\n']).ConfigureAwait(false);
    }

    private async Task FailAsync(HttpContext context, string path, Exception failure)
    {
        ApiError error = ApiError.Of(failure);
        if (error.IsDefect)
        {
            DaemonLog.RequestFailed(log, context.Request.Method, path, error.Message, failure);
        }
        else
        {
            DaemonLog.RequestRefused(log, context.Request.Method, path, error.Status, error.Message);
        }

        if (!context.Response.HasStarted && context.Features.Get<Hijack.IHijackFeature>()?.IsHijacked != true)
        {
            context.Response.Clear();
            SetHeaders(context.Response);
            await WriteErrorAsync(context, error).ConfigureAwait(false);
            return;
        }

        // The head is out: only a broken connection can still say that the answer is not whole.
        context.Features.Get<IConnectionLifetimeNotificationFeature>()?.RequestClose();
        context.Abort();
    }
}
