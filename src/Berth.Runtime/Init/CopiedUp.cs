using Berth.Linux.Files;
using Berth.Linux.Interop;
using Berth.Linux.Mounts;
using Berth.Linux.Trees;
using Berth.Oci.Runtime;
using Berth.Runtime.Planning;

namespace Berth.Runtime.Init;

/// <summary>Mounts with "tmpcopyup" (podman's --tmpfs and --read-only): a tmpfs that starts with what the image has at its place. Detached until the child attaches it.</summary>
internal static class CopiedUp
{
    /// <summary>Makes and fills each; they become "copyup:INDEX".</summary>
    public static void Add(InheritedDescriptors descriptors, RuntimeSpec spec, FileDescriptor root)
    {
        for (int i = 0; i < spec.Mounts?.Count; i++)
        {
            Mount mount = spec.Mounts[i];
            MountOptions options = MountOptions.Parse(mount.Options, $"mounts[{i}]");
            if (!options.CopyUp)
            {
                continue;
            }

            if (mount.Type != "tmpfs")
            {
                throw ContainerPlanning.Refusal($"mounts[{i}].options", "has \"tmpcopyup\", which only a tmpfs can have");
            }

            FileDescriptor made = DetachedMount.Create(new FileSystemMount("tmpfs", mount.Source ?? "tmpfs", MountParameter.Parse(options.Data)));
            descriptors.AddOwned($"copyup:{i}", made);
            using FileDescriptor? source = FileDescriptor.TryOpenBelow(root, mount.Destination ?? "", Libc.O_RDONLY | Libc.O_DIRECTORY, out _);
            if (source is not null)
            {
                // What fsmount(2) returns is O_PATH.
                using FileDescriptor writable = FileDescriptor.OpenAt(made, ".", Libc.O_RDONLY | Libc.O_DIRECTORY);
                TreeCopy.Copy(source, writable);
            }
        }
    }
}
