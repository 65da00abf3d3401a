namespace Berth.Storage.Tar;

/// <summary>An archive is damaged, cut short or asks for too much.</summary>
public sealed class TarException(string message) : Exception(message);
