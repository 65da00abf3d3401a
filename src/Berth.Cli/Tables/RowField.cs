namespace Berth.Cli.Tables;

/// <summary>One column of a kind of row.</summary>
/// <param name="Name">Its name in a template.</param>
/// <param name="Heading">Its heading in a table.</param>
/// <param name="Get">Its value.</param>
internal sealed record RowField<T>(string Name, string Heading, Func<T, object?> Get);
