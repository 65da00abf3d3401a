namespace Berth.Linux;

/// <summary>Error numbers of the kernel (asm-generic/errno-base.h, errno.h) that code branches on, and their names for messages.</summary>
public static class Errno
{
    public const int EPERM = 1, ENOENT = 2, ESRCH = 3, EINTR = 4, EIO = 5, ENXIO = 6, E2BIG = 7, ENOEXEC = 8, EBADF = 9, ECHILD = 10,
        EAGAIN = 11, ENOMEM = 12, EACCES = 13, EFAULT = 14, ENOTBLK = 15, EBUSY = 16, EEXIST = 17, EXDEV = 18, ENODEV = 19, ENOTDIR = 20,
        EISDIR = 21, EINVAL = 22, ENFILE = 23, EMFILE = 24, ENOTTY = 25, ETXTBSY = 26, EFBIG = 27, ENOSPC = 28, ESPIPE = 29, EROFS = 30,
        EMLINK = 31, EPIPE = 32, EDOM = 33, ERANGE = 34, ENAMETOOLONG = 36, ENOSYS = 38, ENOTEMPTY = 39, ELOOP = 40, ENODATA = 61,
        EOVERFLOW = 75, EXFULL = 54, EMSGSIZE = 90, EPROTONOSUPPORT = 93, EOPNOTSUPP = 95, EAFNOSUPPORT = 97, EADDRINUSE = 98, EADDRNOTAVAIL = 99, ENETUNREACH = 101, ENOBUFS = 105, ECONNRESET = 104,
        ENOTCONN = 107, ETIMEDOUT = 110, ECONNREFUSED = 111, EINPROGRESS = 115, EDQUOT = 122;

    /// <summary>The symbolic name ("ENOENT"), or "errno N" where it has none here.</summary>
    public static string Name(int errno) => errno switch
    {
        EPERM => "EPERM", ENOENT => "ENOENT", ESRCH => "ESRCH", EINTR => "EINTR", EIO => "EIO", ENXIO => "ENXIO", E2BIG => "E2BIG",
        ENOEXEC => "ENOEXEC", EBADF => "EBADF", ECHILD => "ECHILD", EAGAIN => "EAGAIN", ENOMEM => "ENOMEM", EACCES => "EACCES",
        EFAULT => "EFAULT", ENOTBLK => "ENOTBLK", EBUSY => "EBUSY", EEXIST => "EEXIST", EXDEV => "EXDEV", ENODEV => "ENODEV",
        ENOTDIR => "ENOTDIR", EISDIR => "EISDIR", EINVAL => "EINVAL", ENFILE => "ENFILE", EMFILE => "EMFILE", ENOTTY => "ENOTTY",
        ETXTBSY => "ETXTBSY", EFBIG => "EFBIG", ENOSPC => "ENOSPC", ESPIPE => "ESPIPE", EROFS => "EROFS", EMLINK => "EMLINK",
        EPIPE => "EPIPE", EDOM => "EDOM", ERANGE => "ERANGE", ENAMETOOLONG => "ENAMETOOLONG", ENOSYS => "ENOSYS",
        ENOTEMPTY => "ENOTEMPTY", ELOOP => "ELOOP", ENODATA => "ENODATA", EOVERFLOW => "EOVERFLOW", EXFULL => "EXFULL", EMSGSIZE => "EMSGSIZE", EPROTONOSUPPORT => "EPROTONOSUPPORT", EOPNOTSUPP => "EOPNOTSUPP", EAFNOSUPPORT => "EAFNOSUPPORT",
        EADDRINUSE => "EADDRINUSE", EADDRNOTAVAIL => "EADDRNOTAVAIL", ENETUNREACH => "ENETUNREACH", ENOBUFS => "ENOBUFS",
        ECONNRESET => "ECONNRESET", ENOTCONN => "ENOTCONN", ETIMEDOUT => "ETIMEDOUT", ECONNREFUSED => "ECONNREFUSED", EINPROGRESS => "EINPROGRESS", EDQUOT => "EDQUOT",
        _ => $"errno {errno}",
    };

    /// <summary>What the number means, in the words people know from strerror(3) for the common ones; otherwise its name.</summary>
    public static string Describe(int errno) => errno switch
    {
        EPERM => "operation not permitted", ENOENT => "no such file or directory", ESRCH => "no such process", EIO => "input/output error",
        ENXIO => "no such device or address", E2BIG => "argument list too long", ENOEXEC => "exec format error", EBADF => "bad file descriptor",
        EAGAIN => "resource temporarily unavailable", ENOMEM => "cannot allocate memory", EACCES => "permission denied",
        EBUSY => "device or resource busy", EEXIST => "file exists", EXDEV => "invalid cross-device link", ENODEV => "no such device",
        ENOTDIR => "not a directory", EISDIR => "is a directory", EINVAL => "invalid argument", EMFILE => "too many open files",
        ENFILE => "too many open files in system", ENOTTY => "inappropriate ioctl for device", ETXTBSY => "text file busy",
        ENOSPC => "no space left on device", EROFS => "read-only file system", EPIPE => "broken pipe", ENAMETOOLONG => "file name too long",
        ENOSYS => "function not implemented", ENOTEMPTY => "directory not empty", ELOOP => "too many levels of symbolic links",
        EOPNOTSUPP => "operation not supported", EADDRINUSE => "address already in use", ECONNREFUSED => "connection refused",
        _ => Name(errno),
    };
}
