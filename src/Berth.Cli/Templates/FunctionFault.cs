namespace Berth.Cli.Templates;

/// <summary>Whose fault a function's failure is.</summary>
internal enum FunctionFault
{
    /// <summary>It failed on what it was given.</summary>
    Function,

    /// <summary>It was called with the wrong number of arguments, or the wrong kinds.</summary>
    Call,
}
