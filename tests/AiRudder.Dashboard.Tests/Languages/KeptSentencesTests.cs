using AiRudder.Dashboard.Alerts;
using AiRudder.Dashboard.Languages;
using AiRudder.Dashboard.Metrics;
using AiRudder.Dashboard.Tests.Support;
using AiRudder.Dashboard.Webhooks;

namespace AiRudder.Dashboard.Tests.Languages;

public sealed class KeptSentencesTests
{
    [Theory]
    [InlineData("2 of 5 calls could not be read.", "No se pudieron leer 2 de 5 llamadas.")]
    [InlineData("# of # calls could not be read.", "No se pudieron leer # de # llamadas.")]
    [InlineData("Kept as received: no description of 'task' bodies is read yet.", "Guardado como se recibió: aún no se lee ninguna descripción de cuerpos 'task'.")]
    [InlineData("details[7] has more than 100,000 parts", "details[7] tiene más de 100,000 partes")]
    [InlineData("The body is empty.", "El cuerpo está vacío.")]
    [InlineData("Written by a version of long ago.", "Written by a version of long ago.")]
    public void Reason_WrittenInEnglish_IsReadInTheLanguageOfTheReader(string kept, string said)
    {
        Assert.Equal(kept, DeliveryReasons.Kept.Read(kept));
        using var reader = new InLanguage("es");
        Assert.Equal(said, DeliveryReasons.Kept.Read(kept));
    }

    [Fact]
    public void Finding_OfAnAlert_IsReadAsItWouldBeSaid()
    {
        var rule = new AlertRule { Name = "r", Kind = AlertKind.Figure, Figure = Figures.AnswerRate, Below = true, Threshold = 0.3, Window = AlertWindow.Hour, ChangedBy = "" };
        var call = new AlertRule { Name = "c", Kind = AlertKind.Call, Label = "open", Word = "no", Contradiction = true, ChangedBy = "" };
        foreach (var finding in new Func<string>[]
        {
            () => AlertWords.Finding(rule, new Figure(0.2, 10, 50, FigureUnit.Fraction, true, null)),
            () => AlertWords.Finding(rule, new Figure(0.2, 10, 50, FigureUnit.Fraction, false, null)),
            () => AlertWords.Finding(rule, new Figure(null, null, null, FigureUnit.Fraction, false, Noted("Not known yet."))),
            () => AlertWords.Silence(TimeSpan.FromMinutes(130)),
            () => AlertWords.Call(call),
        })
        {
            var kept = finding();
            Assert.Equal(kept, AlertWords.Findings.Read(kept));
            using var reader = new InLanguage("zh-Hans");
            Assert.NotEqual(kept, AlertWords.Findings.Read(kept));
            Assert.Equal(finding(), AlertWords.Findings.Read(kept));
        }
    }
}
