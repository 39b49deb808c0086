using AiRudder.Dashboard.Languages;
using Bunit;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Forms;
using Microsoft.Extensions.DependencyInjection;

namespace AiRudder.Dashboard.Tests.Languages;

public sealed class LanguagePickerTests : BunitContext
{
    [Fact]
    public void Back_AfterGoingToAnotherPage_IsThatPage()
    {
        Services.AddSingleton<AntiforgeryStateProvider, NoToken>();
        var navigation = Services.GetRequiredService<NavigationManager>();
        navigation.NavigateTo("/calls?label=A");
        var picker = Render<LanguagePicker>();
        Assert.Equal("/calls?label=A", picker.Find("input[name=back]").GetAttribute("value"));

        navigation.NavigateTo("/tasks?from=2026-03-14");

        picker.WaitForAssertion(() => Assert.Equal("/tasks?from=2026-03-14", picker.Find("input[name=back]").GetAttribute("value")));
        Assert.Equal(Language.All.Select(language => language.Name), picker.FindAll("button[name=language]").Select(button => button.GetAttribute("value")));
    }

    private sealed class NoToken : AntiforgeryStateProvider
    {
        public override AntiforgeryRequestToken? GetAntiforgeryToken() => null;
    }
}
