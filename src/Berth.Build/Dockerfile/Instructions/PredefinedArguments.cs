using Berth.Build.Dockerfile.Words;
using Berth.Oci.Images;

namespace Berth.Build.Dockerfile.Instructions;

/// <summary>Arguments that need no ARG (Dockerfile reference, "Predefined ARGs" and "BuildKit built-in build args").</summary>
public static class PredefinedArguments
{
    private static readonly HashSet<string> ProxyNames = new(StringComparer.OrdinalIgnoreCase) { "HTTP_PROXY", "HTTPS_PROXY", "FTP_PROXY", "NO_PROXY", "ALL_PROXY" };

    // They steer the build; an ARG of their name gives no variable.
    private static readonly HashSet<string> Unseen = new(StringComparer.Ordinal) { "BUILDKIT_SBOM_SCAN_CONTEXT", "BUILDKIT_SBOM_SCAN_STAGE" };

    private static readonly HashSet<string> Settings = new(StringComparer.Ordinal)
    {
        "BUILDKIT_BUILD_NAME", "BUILDKIT_CACHE_MOUNT_NS", "BUILDKIT_CONTEXT_KEEP_GIT_DIR", "BUILDKIT_DOCKERFILE_CHECK", "BUILDKIT_INLINE_CACHE",
        "BUILDKIT_MULTI_PLATFORM", "BUILDKIT_SANDBOX_HOSTNAME", "BUILDKIT_SBOM_SCAN_CONTEXT", "BUILDKIT_SBOM_SCAN_STAGE", "BUILDKIT_SYNTAX", "SOURCE_DATE_EPOCH",
    };

    /// <summary>HTTP_PROXY and its like, in upper or lower case: variables of every RUN, never of the image or the cache's keys.</summary>
    public static bool IsProxy(string name) => ProxyNames.Contains(name);

    /// <summary>Steers the builder: giving it is right also where no ARG names it.</summary>
    public static bool IsSetting(string name) => Settings.Contains(name);

    internal static bool IsVariable(string name) => !Unseen.Contains(name);

    /// <summary>BUILD* and TARGET*: known to FROM, and to a stage that names them in an ARG.</summary>
    internal static BuildVariables OfPlatforms(BuildInputs inputs)
    {
        BuildVariables variables = BuildVariables.Empty;
        foreach ((string prefix, Platform platform) in new[] { ("BUILD", inputs.BuildPlatform), ("TARGET", inputs.TargetPlatform) })
        {
            variables = variables
                .With(prefix + "PLATFORM", platform.ToString())
                .With(prefix + "OS", platform.Os)
                .With(prefix + "OSVERSION", platform.OsVersion ?? "")
                .With(prefix + "ARCH", platform.Architecture)
                .With(prefix + "VARIANT", platform.Variant ?? "");
        }

        variables = variables.With("TARGETSTAGE", inputs.TargetStage is { Length: > 0 } stage ? stage : "default");
        return variables.Names.Where(inputs.Arguments.ContainsKey).Aggregate(variables, (all, name) => all.With(name, inputs.Arguments[name]));
    }
}
