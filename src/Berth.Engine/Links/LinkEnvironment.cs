namespace Berth.Engine.Links;

/// <summary>The variables by which a container learns of one that it is linked to, as Docker 20.10 sets them. Pure.</summary>
internal static class LinkEnvironment
{
    /// <summary>More single ports get no variables of their own: execve(2) takes 2 MB of arguments and variables with the usual stack limit.</summary>
    private const int MostPorts = 4096;

    /// <summary>Docker names a range from this many adjacent ports on.</summary>
    private const int ShortestRange = 3;

    /// <param name="parent">The name of the container that gets the variables.</param>
    /// <param name="alias">What the other one is called there.</param>
    /// <param name="address">Of the other one.</param>
    /// <param name="ports">What the other one exposes.</param>
    /// <param name="environment">Of the other one: image and request.</param>
    public static IEnumerable<string> Of(string parent, string alias, string address, IReadOnlyList<ExposedPort> ports, IReadOnlyList<string>? environment)
    {
        string prefix = alias.ToUpperInvariant().Replace('-', '_');
        ExposedPort[] sorted = [.. ports.OrderBy(p => p.Protocol != "tcp").ThenBy(p => p.Protocol, StringComparer.Ordinal).ThenBy(p => p.Number)];
        IEnumerable<string> first = ports.Count == 0 ? [] : [$"{prefix}_PORT={Url(First(ports), address)}"];
        return first
            .Concat(Ranges(sorted).SelectMany(r => Range(prefix, address, r.First, r.Last)))
            .Concat(sorted.Take(MostPorts).SelectMany(p => Single(prefix, address, p)))
            .Append($"{prefix}_NAME=/{parent}/{alias}")
            .Concat(Copied(prefix, environment ?? []));
    }

    private static ExposedPort First(IReadOnlyList<ExposedPort> ports) => ports.OrderBy(p => p.Number).ThenBy(p => p.Protocol != "tcp").First();

    private static IEnumerable<string> Range(string prefix, string address, ExposedPort first, ExposedPort last)
    {
        string name = Name(prefix, first);
        yield return $"{name}_START={Url(first, address)}";
        yield return $"{name}_ADDR={address}";
        yield return $"{name}_PROTO={first.Protocol}";
        yield return $"{name}_PORT_START={first.Number}";
        yield return $"{name}_END={Url(last, address)}";
        yield return $"{name}_PORT_END={last.Number}";
    }

    private static IEnumerable<string> Single(string prefix, string address, ExposedPort port)
    {
        string name = Name(prefix, port);
        yield return $"{name}={Url(port, address)}";
        yield return $"{name}_ADDR={address}";
        yield return $"{name}_PORT={port.Number}";
        yield return $"{name}_PROTO={port.Protocol}";
    }

    private static IEnumerable<(ExposedPort First, ExposedPort Last)> Ranges(ExposedPort[] sorted)
    {
        for (int start = 0, end; start < sorted.Length; start = end)
        {
            for (end = start + 1; end < sorted.Length && sorted[end].Protocol == sorted[start].Protocol && sorted[end].Number == sorted[end - 1].Number + 1;)
            {
                end++;
            }

            if (end - start >= ShortestRange)
            {
                yield return (sorted[start], sorted[end - 1]);
            }
        }
    }

    // These two say something about the other container's file system only.
    private static IEnumerable<string> Copied(string prefix, IReadOnlyList<string> environment) => environment
        .Where(e => e.Contains('=', StringComparison.Ordinal) && e.Split('=', 2)[0] is not ("HOME" or "PATH")).Select(e => $"{prefix}_ENV_{e}");

    private static string Name(string prefix, ExposedPort port) => $"{prefix}_PORT_{port.Number}_{port.Protocol.ToUpperInvariant()}";

    private static string Url(ExposedPort port, string address) => $"{port.Protocol}://{address}:{port.Number}";
}
