using Berth.Cli.Templates;

namespace Berth.Cli.Commands.Engine;

/// <summary>Templates over whole documents: info, version, events.</summary>
internal static class Documents
{
    /// <exception cref="CliException">With Docker's exit code for it, 64.</exception>
    public static Template Parse(string format)
    {
        try
        {
            return Template.Parse(format == "json" ? "{{json .}}" : format);
        }
        catch (TemplateException e)
        {
            throw new CliException($"template parsing error: {e.Message}", 64);
        }
    }

    public static string Fill(Template template, object? document)
    {
        try
        {
            return template.Fill(document);
        }
        catch (TemplateException e)
        {
            throw new CliException(e.Message);
        }
    }
}
