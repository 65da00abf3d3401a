using Berth.Testing.Processes;

namespace Berth.Conformance.Tests.Images;

/// <summary>An archive's entries as lines: names, types, modes, owners, times in seconds (Docker cuts them), links, devices, capabilities, contents.</summary>
internal static class TarListing
{
    private const string Script =
        """
        import hashlib, sys, tarfile
        engines = {'', '.', '.dockerenv', 'dev', 'proc', 'sys', 'etc', 'etc/hosts', 'etc/hostname', 'etc/resolv.conf', 'etc/mtab'}
        archive = tarfile.open(sys.argv[1])
        lines = []
        for e in archive:
            name = e.name.removeprefix('./').rstrip('/')
            if name in engines or name.startswith('dev/'):
                continue
            body = hashlib.sha256(archive.extractfile(e).read()).hexdigest() if e.isreg() else ''
            capability = e.pax_headers.get('SCHILY.xattr.security.capability', '').encode('utf-8', 'surrogateescape').hex()
            mode = 0 if e.issym() else e.mode & 0o7777
            link = e.linkname if e.issym() or e.islnk() else ''
            lines.append(f'{name} {e.type} {mode:o} {e.uid}:{e.gid} {int(e.mtime // 1)} {link} {e.devmajor if e.isdev() else 0},{e.devminor if e.isdev() else 0} {capability} {body}')
        print('\n'.join(sorted(lines)))
        """;

    /// <summary>The lines, in order of their names. What engines put into each container is left out.</summary>
    public static async Task<string[]> OfAsync(string archive) => (await Run.Async("/usr/bin/python3", "-c", Script, archive)).Text.Split('\n');
}
