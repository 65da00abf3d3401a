namespace Berth.Cli.Templates;

/// <summary>A template cannot be read or filled in. The message is that of Go's text/template.</summary>
internal sealed class TemplateException(string message) : Exception(message);
