using Berth.Oci.Json;
using Berth.Oci.Runtime;

namespace Berth.Runtime.Init;

/// <summary>What hooks read on their standard input: the state of the container.</summary>
internal static class HookState
{
    public static byte[] Of(RuntimeSpec spec, string id, string bundle, string status, int pid) => JsonText.Object(j => j
        .Member("ociVersion", spec.OciVersion ?? "1.2.0")
        .Member("id", id)
        .Member("status", status)
        .Member("pid", pid)
        .Member("bundle", bundle)
        .Member("annotations", spec.Annotations)).ToBytes();
}
