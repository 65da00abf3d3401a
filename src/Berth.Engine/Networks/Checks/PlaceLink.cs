namespace Berth.Engine.Networks.Checks;

/// <summary>How a container's interface stands to its network's bridge.</summary>
internal enum PlaceLink
{
    /// <summary>On the bridge, and up at both ends. Also where the driver has no such link.</summary>
    Attached,

    /// <summary>The host's end is gone.</summary>
    Missing,

    /// <summary>The host's end is not a port of the bridge.</summary>
    Detached,

    /// <summary>The host's end is switched off.</summary>
    Down,

    /// <summary>The container's end is switched off.</summary>
    NoCarrier,
}
