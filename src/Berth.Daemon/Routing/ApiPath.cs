namespace Berth.Daemon.Routing;

/// <summary>A request's path without its version prefix.</summary>
/// <param name="Version">The prefix's version; the current one where there is none.</param>
/// <param name="Rest">What the routes match, with its leading slash.</param>
internal readonly record struct ApiPath(ApiVersion Version, string Rest)
{
    /// <summary>Splits <c>/v1.41/info</c>. A prefix that is no version is part of the path: the route is then not found, as Docker answers.</summary>
    public static ApiPath Parse(string path)
    {
        if (path.Length > 2 && path[1] == 'v' && char.IsAsciiDigit(path[2]))
        {
            int slash = path.IndexOf('/', 2);
            if (slash > 0 && ApiVersion.TryParse(path.AsSpan(2, slash - 2), out ApiVersion version))
            {
                return new ApiPath(version, path[slash..]);
            }
        }

        return new ApiPath(ApiVersion.Current, path);
    }
}
