using Berth.Engine.Mounts;
using Berth.Oci.Runtime;

namespace Berth.Engine.Spec;

/// <summary>The mounts of a spec, in the order they are made: defaults, then the user's and the files of /etc by depth.</summary>
internal static class SpecMounts
{
    // Not made read-only together with the root: programs could not run without writing there.
    private static readonly string[] AlwaysWritable = ["/proc", "/dev/pts", "/dev/shm", "/dev/mqueue", "/dev"];

    public static IReadOnlyList<Mount> Of(SpecInput input)
    {
        HashSet<string> own = [.. input.Mounts.Select(m => m.Mount.Destination)];
        bool ownDev = own.Contains("/dev");
        IEnumerable<Mount> defaults = DefaultMounts.Of(input)
            .Where(m => !own.Contains(m.Destination!) && !(ownDev && m.Destination!.StartsWith("/dev/", StringComparison.Ordinal)));
        IEnumerable<Mount> users = input.Mounts.Select(m => User(m.Mount, m.Source));

        // A mount of the user's own on one of these files takes its place.
        IEnumerable<Mount> etc = Etc(input).Where(m => !own.Contains(m.Destination!));
        List<Mount> mounts = [.. defaults, .. etc.Concat(users).OrderBy(m => m.Destination!.Count(c => c == '/'))];
        if (input.InitPath is { } init)
        {
            mounts.Add(new Mount { Destination = SpecBuilder.InitProgram, Type = "bind", Source = init, Options = ["bind", "ro"] });
        }

        return input.HostConfig.ReadonlyRootfs != true ? mounts
            : [.. mounts.Select(m => AlwaysWritable.Contains(m.Destination) || own.Contains(m.Destination!) || m.Options!.Contains("ro") ? m : m with { Options = [.. m.Options!, "ro"] })];
    }

    /// <summary>How the root's own propagation must be for the users' to work: a mount cannot be shared below a private one.</summary>
    public static string? RootPropagation(SpecInput input)
    {
        string[] asked = [.. input.Mounts.Select(m => m.Mount.Propagation)];
        return asked.Any(p => p is "shared" or "rshared") ? "shared" : asked.Any(p => p is "slave" or "rslave") ? "rslave" : null;
    }

    private static IEnumerable<Mount> Etc(SpecInput input)
    {
        yield return File("/etc/resolv.conf", input.ResolvConfPath);
        yield return File("/etc/hostname", input.HostnamePath);
        yield return File("/etc/hosts", input.HostsPath);

        static Mount File(string path, string source) => new() { Destination = path, Type = "bind", Source = source, Options = ["rbind", "rprivate"] };
    }

    private static Mount User(ContainerMount mount, string? source)
    {
        if (mount.Kind == MountKind.Tmpfs)
        {
            return new Mount { Destination = mount.Destination, Type = "tmpfs", Source = "tmpfs", Options = TmpfsOptions.Merge(mount.TmpfsOptions) };
        }

        // "rro" makes the mounts below read-only too (mount_setattr AT_RECURSIVE), which plain "ro" does not.
        string[] access = !mount.ReadOnly ? [] : mount.ReadOnlyNonRecursive || mount.NonRecursive ? ["ro"] : ["rro"];
        string propagation = mount.Propagation.Length > 0 ? mount.Propagation : "rprivate";
        return new Mount { Destination = mount.Destination, Type = "bind", Source = source, Options = [mount.NonRecursive ? "bind" : "rbind", .. access, propagation] };
    }
}
