using System.Text;

namespace Berth.Build.Dockerfile.Words;

/// <summary>Takes what an expansion gives, as one text and cut into words: blanks separate words unless they were quoted or escaped.</summary>
internal sealed class WordBuffer
{
    private readonly StringBuilder _text = new();
    private readonly StringBuilder _word = new();
    private readonly List<string> _words = [];

    public string Text => _text.ToString();

    /// <summary>Ends the last word.</summary>
    public IReadOnlyList<string> TakeWords()
    {
        EndWord();
        return _words;
    }

    /// <summary>Quoted or escaped text.</summary>
    public void AddQuoted(ReadOnlySpan<char> text)
    {
        Grow(text);
        _word.Append(text);
    }

    public void AddPlain(ReadOnlySpan<char> text)
    {
        Grow(text);
        foreach (char c in text)
        {
            if (char.IsWhiteSpace(c))
            {
                EndWord();
            }
            else
            {
                _word.Append(c);
            }
        }
    }

    private void Grow(ReadOnlySpan<char> text)
    {
        if (_text.Length + text.Length > ParseLimits.ExpansionLength)
        {
            throw DockerfileException.Value($"variables expand to more than {ParseLimits.ExpansionLength} characters");
        }

        _text.Append(text);
    }

    private void EndWord()
    {
        if (_word.Length > 0)
        {
            _words.Add(_word.ToString());
            _word.Clear();
        }
    }
}
