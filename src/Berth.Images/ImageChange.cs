using Berth.Oci.Digests;
using Berth.Storage.Database;

namespace Berth.Images;

/// <summary>Told of every change to an image inside the transaction that makes it, so that its event is as durable as it is.</summary>
/// <param name="transaction">To write the event's row with.</param>
/// <param name="action">The API's word: load, import, pull, push, tag, untag, delete.</param>
/// <param name="id">The image.</param>
/// <param name="name">A familiar name, or the id where it has none.</param>
public delegate void ImageChange(Transaction transaction, string action, Digest id, string name);
