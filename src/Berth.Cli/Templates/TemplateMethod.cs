namespace Berth.Cli.Templates;

/// <summary>A field that takes arguments: {{.Label "key"}}.</summary>
internal sealed record TemplateMethod(int Arguments, Func<object?[], object?> Call);
