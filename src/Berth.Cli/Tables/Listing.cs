using Berth.Cli.Templates;

namespace Berth.Cli.Tables;

/// <summary>Shows rows as --format asks: a table, a table of chosen columns, or a template a row.</summary>
internal static class Listing
{
    /// <summary>Everything there is to print.</summary>
    /// <param name="kind">What the rows are.</param>
    /// <param name="values">The rows.</param>
    /// <param name="format">What --format says; empty: the usual table.</param>
    /// <param name="usual">The template of the usual table.</param>
    /// <param name="quiet">The template where only names are wanted and no format is given; null: not wanted.</param>
    /// <exception cref="CliException">The template is wrong.</exception>
    public static string Show<T>(RowKind<T> kind, IEnumerable<T> values, string format, string usual, string? quiet)
    {
        (bool table, string source) = Source(format, usual, quiet);
        Template template = Parse(source, FunctionTable.ForValues());
        var rows = new List<string>();
        foreach (T value in values)
        {
            rows.Add(Fill(template, new Row<T>(kind, value)));
        }

        if (!table)
        {
            return string.Concat(rows.Select(r => r + "\n"));
        }

        TabWriter writer = TabWriter.ForTables();
        writer.Add(Fill(Parse(source, FunctionTable.ForHeadings()), new Headings<T>(kind)));
        rows.ForEach(writer.Add);
        return writer.ToString();
    }

    private static (bool Table, string Source) Source(string format, string usual, string? quiet)
    {
        format = format.Trim(' ').Replace("\\t", "\t", StringComparison.Ordinal).Replace("\\n", "\n", StringComparison.Ordinal);
        return format switch
        {
            "" or "table" when quiet is not null => (false, quiet),
            "" or "table" => (true, usual),
            "json" => (false, "{{json .}}"),
            _ when format.StartsWith("table", StringComparison.Ordinal) => (true, format["table".Length..].Trim(' ', '\t')),
            _ => (false, format),
        };
    }

    private static Template Parse(string source, FunctionTable functions)
    {
        try
        {
            return Template.Parse(source, functions);
        }
        catch (TemplateException e)
        {
            throw new CliException($"template parsing error: {e.Message}");
        }
    }

    private static string Fill(Template template, ITemplateFields row)
    {
        try
        {
            return template.Fill(row);
        }
        catch (TemplateException e)
        {
            throw new CliException($"template parsing error: {e.Message}");
        }
    }
}
