using Berth.Linux.Files;

namespace Berth.Network.Sandboxes;

/// <summary>A namespace that is ready and belongs to nobody yet. It lives by its descriptor alone.</summary>
/// <param name="Namespace">Owned.</param>
/// <param name="Place">Its address and link on the bridge; null for one with nothing but lo.</param>
internal sealed record PreparedSandbox(FileDescriptor Namespace, BridgePlace? Place);
