using Berth.Linux.Interop;

namespace Berth.Linux.Seccomp;

/// <summary>Call numbers from here to the next range, and the code that decides about them; it ends in returns.</summary>
internal readonly record struct SeccompRange(uint First, Libc.sock_filter[] Code);
