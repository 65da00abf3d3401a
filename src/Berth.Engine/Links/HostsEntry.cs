namespace Berth.Engine.Links;

/// <summary>A line of /etc/hosts: an address, and the names for it.</summary>
internal sealed record HostsEntry(string Address, IReadOnlyList<string> Names)
{
    public override string ToString() => $"{Address}\t{string.Join(' ', Names)}";
}
