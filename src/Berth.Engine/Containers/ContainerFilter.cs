using System.Globalization;
using System.Text.RegularExpressions;

using Berth.Api;
using Berth.Images;
using Berth.Storage;

namespace Berth.Engine.Containers;

/// <summary>The filters of a list of containers, read once. Docker's keys and ways of matching.</summary>
internal sealed class ContainerFilter
{
    private static readonly string[] Known =
    [
        "ancestor", "before", "exited", "id", "isolation", "label", "name", "status", "health", "since", "volume", "network", "is-task", "publish", "expose",
    ];

    private static readonly string[] States = ["paused", "restarting", "removing", "running", "dead", "created", "exited"];

    private readonly Filters _filters;
    private readonly HashSet<string> _images = [];
    private readonly HashSet<int> _exited = [];
    private readonly Regex[] _names;
    private readonly Regex[] _ids;
    private readonly DateTimeOffset? _before;
    private readonly DateTimeOffset? _since;

    /// <exception cref="EngineException">Invalid: an unknown key or value. NotFound: before or since name no container.</exception>
    public ContainerFilter(Filters filters, ContainerRegistry registry, ImageStore images)
    {
        _filters = filters;
        foreach (string key in filters.Keys.Except(Known))
        {
            throw EngineException.Invalid($"invalid filter '{key}'");
        }

        _names = filters.Patterns("name");
        _ids = filters.Patterns("id");
        foreach (string code in filters["exited"])
        {
            _exited.Add(int.TryParse(code, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int n) ? n : throw EngineException.Invalid($"invalid filter 'exited={code}'"));
        }

        foreach (string state in filters["status"].Except(States))
        {
            throw EngineException.Invalid($"invalid filter 'status={state}': invalid value for state ({state}): must be one of created, running, paused, restarting, removing, exited, or dead");
        }

        foreach (string ancestor in filters["ancestor"])
        {
            if (images.Find(ancestor) is { } image)
            {
                _images.Add(image.Id.ToString());
            }
        }

        // Docker walks its list, newest first, from the one and up to the other; with creation times that is the same.
        _before = filters["before"].Select(n => registry.Find(n).Record.Document.Created).Cast<DateTimeOffset?>().Min();
        _since = filters["since"].Select(n => registry.Find(n).Record.Document.Created).Cast<DateTimeOffset?>().Max();
    }

    /// <summary>Asking for a state asks for all containers.</summary>
    public bool ImpliesAll => _filters["status"].Count > 0;

    public bool Matches(ContainerRecord record, Func<IEnumerable<EndpointSettings>> networks) =>
        (_before is null || record.Document.Created < _before)
        && (_since is null || record.Document.Created > _since)
        && (_names.Length == 0 || _names.Any(n => n.IsMatch(record.Name) || n.IsMatch($"/{record.Name}")))
        && (_ids.Length == 0 || _ids.Any(i => i.IsMatch(record.Id)))
        && (_exited.Count == 0 || (!record.IsRunning && record.Status.StartedAt is not null && _exited.Contains(record.Status.ExitCode)))
        && Any("status", s => s == ContainerLifecycle.Status(record.Phase))
        && Any("health", h => h == "none")
        && Any("isolation", i => i == "default")
        && Any("is-task", t => t is "false" or "0")
        && _filters["label"].All(l => Filters.HasLabel(record.Document.Config.Labels, l))
        && (_filters["ancestor"].Count == 0 || _images.Contains(record.Document.ImageId))
        && Any("volume", v => record.Document.Mounts.Any(m => m.Volume == v || m.Destination == v || m.HostPath == v))
        && Any("network", n => record.Document.HostConfig.NetworkMode == n || networks().Any(e => e.NetworkID?.StartsWith(n, StringComparison.Ordinal) == true))
        && Any("publish", _ => false)
        && Any("expose", p => record.Document.Config.ExposedPorts?.ContainsKey(p.Contains('/', StringComparison.Ordinal) ? p : $"{p}/tcp") == true);

    private bool Any(string key, Func<string, bool> matches) => _filters[key] is not { Count: > 0 } values || values.Any(matches);
}
