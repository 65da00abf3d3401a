using Berth.Oci.Runtime;

namespace Berth.Engine.Spec;

/// <summary>The policy of containers that ask for none.</summary>
internal static class DefaultSeccomp
{
    public static SeccompPolicy? Of(IReadOnlyList<string> capabilities) => null;
}
