using Berth.Storage.Database;

namespace Berth.Images;

/// <summary>When images were used last: when they came or were named, when a container was made of them, and when it went.</summary>
public static class ImageUsage
{
    /// <summary>Says that an image is used now, inside the transaction that uses it. Nothing happens where it is gone.</summary>
    public static void Touch(Transaction t, string image) =>
        t.Execute("UPDATE images SET last_used = @now WHERE id = @image", ("@now", Clock.Now()), ("@image", image));

    /// <summary>The same for a container's image.</summary>
    public static void TouchOf(Transaction t, string container) => t.Execute(
        "UPDATE images SET last_used = @now WHERE id = (SELECT image FROM containers WHERE id = @container)", ("@now", Clock.Now()), ("@container", container));
}
