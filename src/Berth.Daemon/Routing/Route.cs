namespace Berth.Daemon.Routing;

/// <summary>One operation of the API.</summary>
internal sealed record Route
{
    public Route(string method, string template, string operation, Endpoint? handler)
    {
        Method = method;
        Template = template;
        Operation = operation;
        Handler = handler;
        int open = template.IndexOf('{', StringComparison.Ordinal);
        if (open >= 0)
        {
            Prefix = template[..open];
            Suffix = template[(template.IndexOf('}', StringComparison.Ordinal) + 1)..];
            HasParameter = true;
            // Names of images and plugins hold slashes, and those of links, by which containers are found too; all others end at the next one.
            Greedy = (template.Contains("{name}", StringComparison.Ordinal) && !template.StartsWith("/volumes", StringComparison.Ordinal))
                || template.StartsWith("/containers/", StringComparison.Ordinal);
        }
    }

    /// <summary>GET, POST, PUT, DELETE or HEAD.</summary>
    public string Method { get; }

    /// <summary>As in the API's description: <c>/containers/{id}/json</c>.</summary>
    public string Template { get; }

    /// <summary>The description's operationId.</summary>
    public string Operation { get; }

    /// <summary>Null: answered with 501, naming the operation.</summary>
    public Endpoint? Handler { get; }

    public bool HasParameter { get; }

    private string Prefix { get; } = "";

    private string Suffix { get; } = "";

    private bool Greedy { get; }

    /// <summary>Whether the template fits; then what stands for its parameter.</summary>
    public bool Matches(string path, out string parameter)
    {
        parameter = "";
        if (!HasParameter)
        {
            return path == Template;
        }

        int length = path.Length - Prefix.Length - Suffix.Length;
        if (length <= 0 || !path.StartsWith(Prefix, StringComparison.Ordinal) || !path.EndsWith(Suffix, StringComparison.Ordinal))
        {
            return false;
        }

        parameter = path.Substring(Prefix.Length, length);
        return Greedy || !parameter.Contains('/', StringComparison.Ordinal);
    }
}
