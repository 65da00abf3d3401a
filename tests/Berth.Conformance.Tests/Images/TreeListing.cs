using Berth.Testing.Processes;

namespace Berth.Conformance.Tests.Images;

/// <summary>A folder's entries as lines: names, types, modes, owners, times to the nanosecond, links, devices, extended attributes, contents.</summary>
internal static class TreeListing
{
    private const string Script =
        """
        import hashlib, os, stat, sys
        root = os.path.abspath(sys.argv[1]).encode()
        device = os.lstat(root + b'/.').st_dev
        # What engines put into each container, and the folders that get another time by that.
        engines = {b'', b'.dockerenv', b'dev', b'proc', b'sys', b'run', b'etc', b'etc/hosts', b'etc/hostname', b'etc/resolv.conf', b'etc/mtab', b'run/.containerenv', b'run/secrets'}
        lines = []
        for folder, folders, files in os.walk(root + b'/'):
            folders[:] = [f for f in folders if os.path.islink(os.path.join(folder, f)) or os.lstat(os.path.join(folder, f)).st_dev == device]
            for name in files + folders:
                path = os.path.join(folder, name)
                shown, s = os.path.relpath(path, root), os.lstat(path)
                if shown in engines or s.st_dev != device:
                    continue
                body = hashlib.sha256(open(path, 'rb').read()).hexdigest() if stat.S_ISREG(s.st_mode) else ''
                link = os.readlink(path) if stat.S_ISLNK(s.st_mode) else b''
                attributes = sorted((a, os.getxattr(path, a, follow_symlinks=False)) for a in os.listxattr(path, follow_symlinks=False) if not a.startswith(('trusted.overlay', 'security.selinux')))
                links = s.st_nlink if stat.S_ISREG(s.st_mode) else 0
                lines.append(f'{shown} {s.st_mode:o} {s.st_uid}:{s.st_gid} {s.st_mtime_ns} {links} {link} {s.st_rdev} {attributes} {body}')
        print('\n'.join(sorted(lines)))
        """;

    public static async Task<string[]> OfAsync(string folder) => (await Run.Async("/usr/bin/python3", "-c", Script, folder)).Text.Split('\n');
}
