namespace Berth.Cli.Http;

/// <summary>What of an answer's first lines matters to us.</summary>
internal readonly record struct ResponseHead(int Status, long? Length, bool Chunked, bool Close, string ContentType, string ApiVersion, string LeftOut);
