using System.Text.Json;

using Berth.Oci.Runtime;

namespace Berth.Runtime.Init;

/// <summary>What hooks read on their standard input: the state of the container.</summary>
internal static class HookState
{
    public static byte[] Of(RuntimeSpec spec, string id, string bundle, string status, int pid) => JsonSerializer.SerializeToUtf8Bytes(
        new State { OciVersion = spec.OciVersion ?? "1.2.0", Id = id, Status = status, Pid = pid, Bundle = bundle, Annotations = spec.Annotations },
        RuntimeJson.Default.State);
}
