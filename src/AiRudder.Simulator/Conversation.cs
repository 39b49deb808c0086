using System.Globalization;

namespace AiRudder.Simulator;

internal enum Speaker
{
    Robot,
    Callee,
    Agent,
}

/// <summary>A stretch of speech, in seconds from the answer.</summary>
internal readonly record struct Utterance(Speaker Speaker, double Start, double Length);

/// <param name="At">Whole seconds from the answer.</param>
internal sealed record SpokenTurn(int At, string Robot, string Callee);

internal sealed record Answer(Question Question, string Word, string Text, string Slot, string Var, string Verification, bool Asked);

/// <param name="Began">Seconds from the answer, like the others.</param>
/// <param name="Took">When the agent took over; null when none did.</param>
internal sealed record Handover(int Began, int Rang, int? Took, string Reason);

/// <summary>What was said in one call and when: a function of the key alone.</summary>
internal sealed class Conversation
{
    private const double CharactersPerSecond = 13;

    private readonly Dice _dice;
    private readonly Wording _wording;
    private readonly List<SpokenTurn> _turns = [];
    private readonly List<Utterance> _utterances = [];
    private readonly Dictionary<string, (string Mark, string Heard)> _heard = [];

    private Conversation(CallKey key)
    {
        Country = ScriptLibrary.Countries[key.Country];
        Robot = Country.Robots[key.Robot];
        _dice = new Dice(Dice.Mix(key.Seed, 1));
        _wording = new Wording(Country, Robot, key.Local, _dice);
        Path = _dice.Pick(Robot.Paths, path => path.Weight);
        Variables = Robot.Variables.ToDictionary(pair => pair.Key, pair => _wording.Fill(pair.Value));
    }

    public Country Country { get; }

    public Robot Robot { get; }

    public TalkPath Path { get; }

    public IReadOnlyDictionary<string, string> Variables { get; }

    public IReadOnlyList<SpokenTurn> Turns => _turns;

    public IReadOnlyList<Utterance> Utterances => _utterances;

    public Handover? Handover { get; private set; }

    /// <summary>Seconds.</summary>
    public int RobotEnd { get; private set; }

    /// <summary>Seconds from the answer to the end of everything.</summary>
    public int Duration { get; private set; }

    public string Summary { get; private set; } = "";

    public string Emotion { get; private set; } = "";

    public string Slots { get; private set; } = "";

    public IReadOnlyDictionary<string, string> Events { get; private set; } = new Dictionary<string, string>();

    public IReadOnlyDictionary<string, string> Entities { get; private set; } = new Dictionary<string, string>();

    public IReadOnlyList<Answer> Answers { get; private set; } = [];

    public static Conversation Of(CallKey key)
    {
        var conversation = new Conversation(key);
        conversation.Talk();
        conversation.Conclude();
        return conversation;
    }

    /// <summary>What is uploaded for a number that nobody answered.</summary>
    public static IReadOnlyDictionary<string, string> VariablesOf(CallKey key) => new Conversation(key).Variables;

    private void Talk()
    {
        var end = 0.0;
        foreach (var turn in Course())
        {
            end = Speak(turn, _turns.Count == 0 ? 0 : (int)Math.Ceiling(end + 0.4));
            if (turn.Marks.Contains("transfer"))
            {
                end = HandOver(end);
            }
        }

        Duration = (int)Math.Ceiling(end + 0.2);
        if (Handover?.Took is null)
        {
            RobotEnd = Duration;
        }
    }

    private List<Turn> Course()
    {
        var course = Path.Turns.Where(turn => !turn.Marks.Contains("?") || _dice.Chance(0.5)).ToList();
        var flowing = course.Count > 2 && course.TrueForAll(turn => turn.Robot.Length > 0 && turn.Callee.Length > 0);
        for (var detours = flowing ? _dice.Between(0, 2) : 0; detours > 0 && _dice.Chance(0.6); detours--)
        {
            var before = _dice.Between(1, course.Count - 1);
            var detour = _dice.Pick(Country.Detours);
            if (!course.Contains(detour) && !course[before - 1].Marks.Contains("transfer"))
            {
                course.Insert(before, detour);
            }
        }

        return course;
    }

    private double Speak(Turn turn, int at)
    {
        var robot = _wording.Say(turn.Robot);
        var callee = _wording.Say(turn.Callee);
        var end = Utter(Speaker.Robot, at, robot, 0.05);
        end = callee.Length > 0
            ? Utter(Speaker.Callee, robot.Length > 0 ? end + _dice.Between(0.5, 1.4) : at, callee, 0.12)
            : end + _dice.Between(2.5, 5.0);

        _turns.Add(new SpokenTurn(at, robot, callee));
        foreach (var mark in turn.Marks.Where(mark => mark.StartsWith('Q')))
        {
            var equals = mark.IndexOf('=', StringComparison.Ordinal);
            _heard[mark[..equals]] = (_wording.Fill(mark[(equals + 1)..]), callee);
        }

        return end;
    }

    private double Utter(Speaker speaker, double start, string text, double spread)
    {
        if (text.Length == 0)
        {
            return start;
        }

        var length = Math.Max(0.5, text.Length / CharactersPerSecond * _dice.Between(1 - spread, 1 + spread));
        _utterances.Add(new Utterance(speaker, start, length));
        return start + length;
    }

    private double HandOver(double end)
    {
        var began = (int)Math.Ceiling(end + 0.2);
        var rang = began + _dice.Between(1, 3);
        if (Path.Transfer == "failed")
        {
            Handover = new Handover(began, rang, null, Path.TransferReason);
            return rang + _dice.Between(12, 20);
        }

        var took = rang + _dice.Between(3, 10);
        Handover = new Handover(began, rang, took, Path.TransferReason);
        RobotEnd = began;

        // What agent and callee say is not in the transcript, but it is on the recording.
        var at = took + 0.4;
        var over = took + _dice.Between(25, 150);
        for (var agent = true; at < over; agent = !agent)
        {
            var length = _dice.Between(1.5, 6.0);
            _utterances.Add(new Utterance(agent ? Speaker.Agent : Speaker.Callee, at, length));
            at += length + _dice.Between(0.4, 1.2);
        }

        return at;
    }

    private void Conclude()
    {
        Summary = _wording.Say(Path.Summary);
        Emotion = _wording.Say(Path.Emotion);
        Slots = _wording.Fill(Path.Slots);
        Events = Path.Events.ToDictionary(pair => pair.Key, pair => _wording.Fill(pair.Value));
        Entities = Path.Entities.ToDictionary(pair => pair.Key, pair => _wording.Fill(pair.Value));
        Answers = [.. Robot.Questions.Select(AnswerTo)];
    }

    private Answer AnswerTo(Question question)
    {
        if (!_heard.TryGetValue(question.Name, out var heard))
        {
            return new Answer(question, "-", "-", "-", "-", "-", Asked: false);
        }

        var parts = heard.Mark.Split(':', 2);
        var reference = _wording.Fill(question.Var);
        var known = reference != "-" && parts[0] != "-";
        return new Answer(
            question,
            parts[0],
            heard.Heard.Length > 0 ? AsHeard(heard.Heard) : "-",
            parts.Length == 2 ? parts[1] : known && parts[0] == "Yes" ? reference : "-",
            reference,
            known ? parts[0] == "Yes" ? "Consistent" : "Inconsistent" : "-",
            Asked: true);
    }

    /// <summary>Speech recognition writes no punctuation.</summary>
    private static string AsHeard(string text) =>
        string.Concat(text.Where(c => !char.IsPunctuation(c))).ToLower(CultureInfo.InvariantCulture);
}
