namespace AiRudder.Dashboard.Calls;

/// <summary>
/// Replaces in a call what its reader may not see: numbers, uploaded values, and both again where they are spoken. It works on the
/// copy that was read for this one reader.
/// </summary>
internal static class Discretion
{
    /// <summary>Shorter texts are found inside ordinary words.</summary>
    private const int ShortestName = 4;

    /// <summary>Fewer digits than this are an amount or a count, not somebody's number.</summary>
    private const int FewestDigits = 7;

    public static CallView Withhold(CallView view)
    {
        var secrets = Secrets(view.Call, view.Attempts, view.Detail.VariablesJson);
        var call = view.Call;
        call.Callee = Mask.Number(call.Callee);
        call.CallerNumber = Mask.Number(call.CallerNumber);
        foreach (var attempt in view.Attempts)
        {
            attempt.CalleeNumber = Mask.Number(attempt.CalleeNumber);
            attempt.CallerNumber = Mask.Number(attempt.CallerNumber);
        }

        foreach (var answer in view.Answers)
        {
            answer.Reference = Mask.Value(answer.Reference);
            answer.Text = Mask.Within(answer.Text, secrets);
            answer.Slot = Mask.Within(answer.Slot, secrets);
        }

        var detail = view.Detail;
        detail.TurnsJson = null;
        detail.Summary = Mask.Within(detail.Summary, secrets);
        detail.VariablesJson = JsonText.Map(detail.VariablesJson, Mask.Value);
        detail.UnknownJson = JsonText.Map(detail.UnknownJson, Mask.Value);
        detail.EntitiesJson = JsonText.Map(detail.EntitiesJson, text => Mask.Within(text, secrets));
        detail.EventLabelsJson = JsonText.Map(detail.EventLabelsJson, text => Mask.Within(text, secrets));
        detail.IntentionsJson = JsonText.Map(detail.IntentionsJson, text => Mask.Within(text, secrets));
        detail.SlotsJson = JsonText.Map(detail.SlotsJson, text => Mask.Within(text, secrets));
        detail.ReadingNotes = Mask.Within(detail.ReadingNotes, secrets);
        return view with
        {
            Turns = [.. view.Turns.Select(turn => turn with { Robot = Mask.Within(turn.Robot, secrets)!, Callee = Mask.Within(turn.Callee, secrets)! })],
        };
    }

    /// <summary>The numbers of this call and the uploaded values that look like a name or a number; the longest first.</summary>
    public static IReadOnlyList<string> Secrets(Call call, IReadOnlyList<Attempt> attempts, string? variablesJson)
    {
        var secrets = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        IEnumerable<string?> numbers = [call.Callee, call.CallerNumber, .. attempts.Select(row => row.CalleeNumber), .. attempts.Select(row => row.CallerNumber)];
        foreach (var number in numbers.OfType<string>().Where(number => number.Length >= FewestDigits))
        {
            secrets.Add(number);
            secrets.Add(number.TrimStart('+'));
        }

        foreach (var (name, value) in JsonText.Pairs(variablesJson))
        {
            if (value.Length >= ShortestName && (name.Contains("name", StringComparison.OrdinalIgnoreCase) || value.Count(char.IsDigit) >= FewestDigits))
            {
                secrets.Add(value);
            }
        }

        return [.. secrets.Where(secret => secret.Length >= ShortestName).OrderByDescending(secret => secret.Length)];
    }
}
