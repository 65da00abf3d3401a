namespace Berth.Network.Sandboxes;

/// <summary>What the network thread is to make next.</summary>
/// <param name="Place">Where on the bridge; null: an isolated one.</param>
/// <param name="Waiter">For whom; null: for the shelf.</param>
internal sealed record SandboxOrder(BridgePlace? Place, SandboxWaiter? Waiter);
