using Berth.Api;
using Berth.Daemon.Http;
using Berth.Daemon.Routing;

namespace Berth.Daemon.Endpoints.Images;

/// <summary>GET /images/json. There are no intermediate images, so "all" changes nothing.</summary>
internal static class List
{
    private static readonly ApiVersion DropsVirtualSize = new(1, 44);

    public static Task HandleAsync(ApiCall call)
    {
        IReadOnlyList<ImageSummary> images = call.Engine.Images.List(call.Query.Filters(), call.Query.Flag("shared-size"));
        return call.WriteAsync([.. images.Select(image => Shape(image, call.Version))], ApiJson.Wire.IReadOnlyListImageSummary);
    }

    private static ImageSummary Shape(ImageSummary image, ApiVersion version) => version < DropsVirtualSize ? image : image with { VirtualSize = null };
}
