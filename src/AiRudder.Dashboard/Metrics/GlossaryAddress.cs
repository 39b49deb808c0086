namespace AiRudder.Dashboard.Metrics;

/// <summary>Where the glossary explains a figure.</summary>
public static class GlossaryAddress
{
    public static string Of(FigureDefinition definition) => $"/glossary#{definition.Name}";
}
