namespace Berth.Daemon.Routing;

/// <summary>Finds the route of a method and path. A literal path wins over a template.</summary>
internal sealed class Router
{
    private readonly Dictionary<(string Method, string Path), Route> _literal = [];
    private readonly Dictionary<(string Method, string Noun), List<Route>> _templates = [];

    public Router(IEnumerable<Route> routes)
    {
        foreach (Route route in routes)
        {
            if (!route.HasParameter)
            {
                _literal.Add((route.Method, route.Template), route);
                continue;
            }

            (string, string) key = (route.Method, Noun(route.Template));
            if (!_templates.TryGetValue(key, out List<Route>? list))
            {
                _templates[key] = list = [];
            }

            // The longer ending first: /images/{name}/json before /images/{name}, which would take it as a name.
            int at = list.FindIndex(r => r.Template.Length < route.Template.Length);
            list.Insert(at < 0 ? list.Count : at, route);
        }
    }

    /// <summary>Null: page not found, also where only another method knows the path (Docker answers both alike).</summary>
    public Route? Find(string method, string path, out string parameter)
    {
        parameter = "";
        if (_literal.TryGetValue((method, path), out Route? literal))
        {
            return literal;
        }

        if (_templates.TryGetValue((method, Noun(path)), out List<Route>? routes))
        {
            foreach (Route route in routes)
            {
                if (route.Matches(path, out parameter))
                {
                    return route;
                }
            }
        }

        return null;
    }

    private static string Noun(string path)
    {
        int slash = path.Length < 2 ? -1 : path.IndexOf('/', 1);
        return slash < 0 ? path : path[..slash];
    }
}
