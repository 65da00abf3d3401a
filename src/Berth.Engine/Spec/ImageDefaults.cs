using System.Text.Json;

using Berth.Api;
using Berth.Oci.Images;

namespace Berth.Engine.Spec;

/// <summary>An image's configuration in the API's form, so that request and image are merged field by field.</summary>
internal static class ImageDefaults
{
    public static ContainerConfig Of(Oci.Images.ImageConfig? image) => image is null
        ? new ContainerConfig()
        : new ContainerConfig
        {
            User = image.User,
            Env = image.Env,
            Entrypoint = image.Entrypoint,
            Cmd = image.Cmd,
            Labels = image.Labels,
            WorkingDir = image.WorkingDir,
            StopSignal = image.StopSignal,
            Shell = image.Shell,
            Volumes = Set(image.Volumes),
            ExposedPorts = Set(image.ExposedPorts),
        };

    private static IReadOnlyDictionary<string, JsonElement>? Set(IReadOnlyDictionary<string, EmptyObject>? keys) =>
        keys?.ToDictionary(k => k.Key, _ => Empty);

    private static readonly JsonElement Empty = JsonElement.Parse("{}");
}
