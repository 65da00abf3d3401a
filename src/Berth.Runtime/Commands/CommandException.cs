namespace Berth.Runtime.Commands;

/// <summary>A command cannot be done; the message is for its user.</summary>
internal sealed class CommandException(string message) : Exception(message);
