using Berth.Api;
using Berth.Daemon.Http;
using Berth.Daemon.Requests;
using Microsoft.AspNetCore.Http;

namespace Berth.Daemon.Endpoints.Volumes;

/// <summary>POST /volumes/create.</summary>
internal static class Create
{
    public static async Task HandleAsync(ApiCall call)
    {
        VolumeCreateRequest request =
            await JsonBody.ReadAsync(call, ApiJson.Default.VolumeCreateRequest, VolumeFields.Create).ConfigureAwait(false) ?? new VolumeCreateRequest();
        Volume volume = await call.Engine.Volumes.CreateAsync(request, call.Aborted).ConfigureAwait(false);
        await call.WriteAsync(volume, ApiJson.Wire.Volume, StatusCodes.Status201Created).ConfigureAwait(false);
    }
}
