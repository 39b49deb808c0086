using System.Globalization;
using System.Text;

namespace AiRudder.Simulator;

/// <summary>
/// What is filled into the sentences of one call: {name}, {greeting}, {amount}, {half}, {other} (with _raw as uploaded),
/// {due}, {promise} (with _iso), {dpd}, {digits}, and the words of the country and the robot.
/// </summary>
internal sealed class Wording
{
    private readonly Country _country;
    private readonly Robot _robot;
    private readonly Dice _dice;
    private readonly bool _female;
    private readonly Dictionary<string, string> _words = [];

    public Wording(Country country, Robot robot, DateTime local, Dice dice)
    {
        (_country, _robot, _dice) = (country, robot, dice);

        var person = dice.Pick(country.People);
        _female = person[0] == 'f';
        _words["name"] = person[2..];
        _words["greeting"] = country.Greetings[local.Hour < 12 ? 0 : local.Hour < 18 ? 1 : 2];

        var step = robot.Amount[2];
        var amount = dice.Between(robot.Amount[0] / step, robot.Amount[1] / step) * step;
        AddMoney("amount", amount);
        AddMoney("half", amount / 2 / step * step);
        AddMoney("other", Math.Max(step, amount * 4 / 5 / step * step));

        var late = dice.Between(robot.DaysLate[0], robot.DaysLate[1]);
        AddDate("due", local.AddDays(-late));
        AddDate("promise", local.AddDays(dice.Between(1, 7)));
        _words["dpd"] = late.ToString(CultureInfo.InvariantCulture);
        _words["digits"] = dice.Between(1000, 9999).ToString(CultureInfo.InvariantCulture);

        foreach (var (word, choices) in country.Words.Concat(robot.Words))
        {
            _words[word] = Choose(choices);
        }
    }

    /// <summary>One of the ways to say it, with everything filled in.</summary>
    public string Say(string sentence)
    {
        var chosen = Choose(sentence);
        if (chosen.StartsWith('@'))
        {
            var line = chosen[1..];
            return Say(_robot.Lines.TryGetValue(line, out var own) ? own : _country.Lines[line]);
        }

        return Fill(chosen);
    }

    public string Fill(string sentence)
    {
        var text = new StringBuilder(sentence.Length + 32);
        for (var from = 0; from < sentence.Length;)
        {
            var open = sentence.IndexOf('{', from);
            if (open < 0)
            {
                text.Append(sentence, from, sentence.Length - from);
                break;
            }

            var close = sentence.IndexOf('}', open);
            text.Append(sentence, from, open - from).Append(Word(sentence[(open + 1)..close]));
            from = close + 1;
        }

        return text.ToString();
    }

    private string Word(string word)
    {
        var slash = word.IndexOf('/', StringComparison.Ordinal);
        if (slash >= 0)
        {
            return _female ? word[(slash + 1)..] : word[..slash];
        }

        return _words.TryGetValue(word, out var value)
            ? value
            : throw new InvalidOperationException($"{_country.Iso} {_robot.Task}: no word for {{{word}}}.");
    }

    private string Choose(string sentence) =>
        sentence.Contains('|', StringComparison.Ordinal) ? _dice.Pick(sentence.Split('|', StringSplitOptions.TrimEntries)) : sentence;

    private void AddMoney(string word, int amount)
    {
        var style = _country.Money;
        _words[word] = style.Pattern.Replace("{0}", Grouped(amount, style), StringComparison.Ordinal);
        _words[word + "_raw"] = amount.ToString(CultureInfo.InvariantCulture) + (style.Cents ? ".00" : "");
    }

    private void AddDate(string word, DateTime date)
    {
        _words[word] = _country.Date
            .Replace("{day}", date.Day.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal)
            .Replace("{month}", _country.Months[date.Month - 1], StringComparison.Ordinal);
        _words[word + "_iso"] = date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
    }

    private static string Grouped(int amount, MoneyStyle style)
    {
        var text = amount.ToString(CultureInfo.InvariantCulture);
        for (var at = text.Length - 3; at > 0; at -= style.Indian ? 2 : 3)
        {
            text = text.Insert(at, style.Group);
        }

        return text;
    }
}
