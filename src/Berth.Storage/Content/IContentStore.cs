namespace Berth.Storage.Content;

/// <summary>Blobs by digest. Take the part that is needed: a puller needs an ingester alone.</summary>
public interface IContentStore : IContentProvider, IContentIngester;
