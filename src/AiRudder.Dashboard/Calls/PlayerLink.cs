using System.Security.Claims;
using System.Text.Json;
using AiRudder.Dashboard.Accounts;
using AiRudder.Dashboard.Recordings;
using AiRudder.Dashboard.Storage;
using Microsoft.AspNetCore.Authorization;
using Microsoft.JSInterop;

namespace AiRudder.Dashboard.Calls;

/// <summary>What a player in a browser tells its server. Everything said here comes from outside and is checked; who may not listen is not heard.</summary>
public sealed class PlayerLink(
    long callId, ListeningDesk desk, PersonPreferences preferences, IAuthorizationService authorization, Func<Task<ClaimsPrincipal>> who, Func<double, Task> note, CancellationToken gone)
{
    /// <summary>Beginning of the names of a player's preferences.</summary>
    public const string Prefix = "player.";

    private static readonly HashSet<string> Remembered = ["speed", "skip", "follow"];

    [JSInvokable]
    public async Task Remember(string name, string value)
    {
        if (Remembered.Contains(name) && value is { Length: > 0 and <= 8 })
        {
            await OffCircuit.Go();
            await preferences.WriteAsync(await who(), Prefix + name, value, gone);
        }
    }

    /// <returns>Whether it is remembered for the robot.</returns>
    [JSInvokable]
    public async Task<bool> Nudge(double seconds)
    {
        await OffCircuit.Go();
        return await MayListenAsync() && await desk.NudgeAsync(callId, seconds, gone);
    }

    /// <summary>A waveform that this browser had to draw.</summary>
    /// <returns>The stretches without talk, as <see cref="Waveform.SilencesJson"/>; null when it is no waveform.</returns>
    [JSInvokable]
    public async Task<JsonElement?> Draw(double seconds, int channels, IJSStreamReference drawing)
    {
        if (!double.IsFinite(seconds) || seconds is <= 0 or > Waveform.LongestSeconds || channels is not (1 or 2))
        {
            return null;
        }

        var most = (channels + 1) * Waveform.Slices(seconds);
        using var bytes = new MemoryStream(most);
        await using (var stream = await drawing.OpenReadStreamAsync(most, gone))
        {
            await stream.CopyToAsync(bytes, gone);
        }

        await OffCircuit.Go();
        if (Waveform.OfBrowser(callId, seconds, channels, bytes.ToArray()) is not { } waveform || !await MayListenAsync())
        {
            return null;
        }

        await desk.KeepAsync(waveform, gone);
        return JsonSerializer.Deserialize<JsonElement>(waveform.SilencesJson);
    }

    /// <summary>The listener wants to write something down at this second.</summary>
    [JSInvokable]
    public Task Note(double second) => double.IsFinite(second) && second >= 0 ? note(second) : Task.CompletedTask;

    private async Task<bool> MayListenAsync() => (await authorization.AuthorizeAsync(await who(), nameof(Permission.Listen))).Succeeded;
}
