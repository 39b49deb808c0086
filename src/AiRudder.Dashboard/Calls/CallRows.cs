using System.Text.Json;
using AiRudder.Dashboard.Connections;
using AiRudder.Dashboard.Webhooks.Wire;

namespace AiRudder.Dashboard.Calls;

/// <summary>The rows that one merged call becomes: the only place where wire records turn into entities.</summary>
public sealed record CallRows(Call Call, CallDetail Detail, IReadOnlyList<Attempt> Attempts, IReadOnlyList<Answer> Answers)
{
    /// <param name="element">The call, merged over its versions.</param>
    /// <param name="envelopeRobot">The envelope's robot, for elements that name none.</param>
    /// <param name="workflow">The envelope's workflow fields.</param>
    /// <param name="connection">Its zone says what the times mean.</param>
    /// <param name="receivedAt">Arrival of the first version.</param>
    public static CallRows From(CallElement element, string? envelopeRobot, WorkflowFields workflow, Connection connection, DateTimeOffset receivedAt)
    {
        var times = new CallTimes(element, TimeZoneInfo.FindSystemTimeZoneById(connection.TimeZone));
        var link = VendorText.Safe(element.RecordingLink);
        workflow = element.Workflow.Over(workflow);
        var call = new Call
        {
            Identity = [],
            ConnectionId = connection.Id,
            VendorCallId = VendorText.Safe(element.CallId),
            Callee = VendorText.Safe(Cut(element.Callee)),
            CallerNumber = VendorText.Safe(element.CallerNumber),
            RobotHash = VendorText.Safe(element.RobotHash ?? envelopeRobot),
            Label = VendorText.Safe(element.ResultLabel),
            Result = VendorText.Safe(element.Result),
            RingType = VendorText.Safe(element.RingType),
            HangupType = VendorText.Safe(element.HangupType),
            HangupBy = VendorText.Safe(element.HangupBy),
            ReasonCode = VendorText.Safe(element.ReasonCode),
            DurationSeconds = element.Duration,
            RingSeconds = element.RingTime,
            RobotTalkSeconds = SecondsBetween(times.Connected, times.RobotEnded),
            CallTimes = element.CallTimes,
            TalkRounds = element.TalkRound,
            Connected = times.Connected is not null || element.Duration > 0,
            LastSaid = LastSentence.Of(element.Turns.Select(turn => VendorText.Safe(turn.RobotText)), element.Variables),
            CalleeSpoke = element.Turns.Any(turn => !string.IsNullOrWhiteSpace(turn.Text)),
            OccurredAt = times.Started ?? times.Dialed ?? times.Connected ?? times.Ended ?? receivedAt,
            DialedAt = times.Dialed,
            StartedAt = times.Started,
            ConnectedAt = times.Connected,
            RobotEndedAt = times.RobotEnded,
            EndedAt = times.Ended,
            ReceivedAt = receivedAt,
            TransferRequestedAt = times.TransferRequested,
            TransferSucceededAt = times.TransferSucceeded,
            HasRecording = link is not null,
        };
        var attempts = DialsOf(element, call, times);
        call.AttemptCount = attempts.Count(attempt => !attempt.Repeated);
        var notes = element.Notes.Concat(times.Notes).ToList();
        call.Flags = Contradictions.Find(element, call, times) | (notes.Count > 0 ? CallFlags.OddField : CallFlags.None);

        var detail = new CallDetail
        {
            TurnsJson = element.Turns.Count == 0
                ? null
                : Json(element.Turns.Select(turn => new Turn(VendorTime.ReadOffset(turn.Time), VendorText.Safe(turn.RobotText) ?? "", VendorText.Safe(turn.Text) ?? ""))),
            Summary = VendorText.Safe(element.Summary),
            Emotion = VendorText.Safe(element.Emotion),
            LabelDescription = VendorText.Safe(element.IntentionDescription),
            EventLabelsJson = Json(element.EventLabels),
            IntentionsJson = VendorText.Safe(element.MultiIntention),
            SlotsJson = VendorText.Safe(element.Slots),
            EntitiesJson = Json(element.NerSlots),
            VariablesJson = Json(element.Variables),
            UnknownJson = VendorText.Safe(element.Unknown),
            TimesJson = Json(times.Texts),
            TimeZone = connection.TimeZone,
            ReadingNotes = notes.Count == 0 ? null : VendorText.Safe(string.Join('\n', notes)),
            RecordingLink = link,
            TransferStatus = element.Transfer.Status,
            TransferReason = VendorText.Safe(element.Transfer.Reason),
            TransferFailureReason = VendorText.Safe(element.Transfer.FailureReason),
            TransferCallId = VendorText.Safe(element.Transfer.CallId),
            TransferRangAt = times.TransferRang,
            WorkflowId = VendorText.Safe(workflow.WorkflowId),
            WorkflowName = VendorText.Safe(workflow.WorkflowName),
            NodeTaskId = VendorText.Safe(workflow.NodeTaskId),
            NodeTaskName = VendorText.Safe(workflow.NodeTaskName),
            CaseId = VendorText.Safe(workflow.CaseId),
            RowNumber = VendorText.Safe(element.Id),
        };
        return new CallRows(call, detail, attempts, AnswersOf(element));
    }

    /// <summary>Hands the rows to their call.</summary>
    public void SetId(long id)
    {
        Call.Id = id;
        Detail.CallId = id;
        foreach (var attempt in Attempts)
        {
            attempt.CallId = id;
        }

        foreach (var answer in Answers)
        {
            answer.CallId = id;
        }
    }

    /// <summary>
    /// Dials in order of start, this one last. <c>redail_call</c> may or may not repeat the call itself: an item with its id, or a second
    /// item with the same id, is the same dial.
    /// </summary>
    private static List<Attempt> DialsOf(CallElement element, Call call, CallTimes times)
    {
        var attempts = new List<Attempt>(element.Redials.Count + 1);
        var seen = new HashSet<string>(StringComparer.Ordinal);
        if (element.CallId is { } own)
        {
            seen.Add(own);
        }

        foreach (var redial in element.Redials)
        {
            var attempt = new Attempt
            {
                Repeated = !seen.Add(redial.CallId ?? $"\0{redial.CallStartTime}"),
                VendorCallId = VendorText.Safe(redial.CallId),
                RingType = VendorText.Safe(redial.RingType),
                RingSeconds = redial.RingTime,
                HangupType = VendorText.Safe(redial.HangupType),
                Label = VendorText.Safe(redial.ResultLabel),
                CalleeNumber = VendorText.Safe(redial.CalleeNumber),
                CallerNumber = VendorText.Safe(redial.CallerNumber),
                ReasonCode = VendorText.Safe(redial.ReasonCode),
            };
            attempt.Place(times.Read(redial.CallStartTime, "redail_call.call_start_time"), call.OccurredAt);
            attempts.Add(attempt);
        }

        // Those without a time, or with the same, keep the order received.
        attempts = [.. attempts.OrderBy(attempt => attempt.ToldAt)];
        attempts.Add(new Attempt
        {
            Final = true,
            VendorCallId = call.VendorCallId,
            StartedAt = times.Started ?? times.Dialed,
            Connected = call.Connected,
            RingType = call.RingType,
            RingSeconds = call.RingSeconds,
            HangupType = call.HangupType,
            Label = call.Label,
            CalleeNumber = call.Callee,
            CallerNumber = call.CallerNumber,
            ReasonCode = call.ReasonCode,
        });
        for (var i = 0; i < attempts.Count; i++)
        {
            attempts[i].Ordinal = i + 1;
        }

        return attempts;
    }

    private static List<Answer> AnswersOf(CallElement element) =>
    [
        .. element.QuestionAnswers.Select((item, index) => new Answer
        {
            Ordinal = index,
            Question = VendorText.Safe(item.Name),
            Subject = VendorText.Safe(item.Content),
            Type = VendorText.Safe(item.Type),
            Value = VendorText.Safe(item.Answer),
            Text = VendorText.Safe(item.AnswerText),
            Slot = VendorText.Safe(item.AnswerTextSlot),
            Status = VendorText.Safe(item.Status),
            Reference = VendorText.Safe(item.Var),
            Verification = VendorText.Safe(item.VerificationResults),
            Answered = VendorText.Safe(item.WhetherAnswer),
        }),
    ];

    private static int? SecondsBetween(DateTimeOffset? from, DateTimeOffset? to) =>
        from is { } start && to is { } end && end >= start && end - start < TimeSpan.FromDays(1) ? (int)(end - start).TotalSeconds : null;

    private static string? Json(IReadOnlyDictionary<string, string> texts) => texts.Count == 0 ? null : JsonSerializer.Serialize(texts, WireJson.Readable);

    private static string Json(IEnumerable<Turn> turns) => JsonSerializer.Serialize(turns, WireJson.Readable);

    private static string? Cut(string? text) => text is { Length: > Call.IndexedLength } ? text[..Call.IndexedLength] : text;
}
