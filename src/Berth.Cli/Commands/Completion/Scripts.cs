using Berth.Cli.CommandLine;

namespace Berth.Cli.Commands.Completion;

/// <summary>berth completion SHELL: a script that asks us for the words, so that it never grows old.</summary>
internal static class Scripts
{
    public static Command Row { get; } = new("completion", "bash|zsh|fish", "Print a shell's completion script")
    {
        Words = ArgumentRule.Exactly(1),
        Run = static call =>
        {
            string name = call.Session.Program;
            string script = call.Words[0] switch
            {
                "bash" => Bash,
                "zsh" => Zsh,
                "fish" => Fish,
                _ => throw new CliException($"cannot print a completion script for \"{call.Words[0]}\": there are bash, zsh and fish"),
            };
            call.Out.Write(script.Replace("PROGRAM", name, StringComparison.Ordinal));
            return 0;
        },
    };

    private static string Bash => """
        # bash completion for PROGRAM; use it with: source <(PROGRAM completion bash)
        _PROGRAM_words() {
            local words
            words=$(PROGRAM __words "${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
            if [ "$words" = "__files" ]; then
                compopt -o default; COMPREPLY=()
            else
                local IFS=$'\n'
                COMPREPLY=($(compgen -W "$words" -- "${COMP_WORDS[COMP_CWORD]}"))
            fi
        }
        complete -F _PROGRAM_words PROGRAM

        """;

    private static string Zsh => """
        #compdef PROGRAM
        # zsh completion for PROGRAM; use it with: source <(PROGRAM completion zsh)
        _PROGRAM() {
            local -a found
            found=("${(@f)$(PROGRAM __words "${(@)words[2,CURRENT]}" 2>/dev/null)}")
            if [[ "${found[1]}" == "__files" ]]; then _files; else compadd -a found; fi
        }
        if [ "$funcstack[1]" = "_PROGRAM" ]; then _PROGRAM "$@"; else compdef _PROGRAM PROGRAM; fi

        """;

    private static string Fish => """
        # fish completion for PROGRAM; use it with: PROGRAM completion fish | source
        function __PROGRAM_words
            set -l tokens (commandline -opc) (commandline -ct)
            set -l found (PROGRAM __words $tokens[2..-1] 2>/dev/null)
            if test "$found[1]" = __files
                __fish_complete_path (commandline -ct)
            else
                printf '%s\n' $found
            end
        end
        complete -c PROGRAM -f -a '(__PROGRAM_words)'

        """;
}
