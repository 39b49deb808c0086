namespace AiRudder.Dashboard.FaultTests.Rig;

/// <summary>The fault could not be played to its end, which is a bad verdict by itself.</summary>
internal sealed class FaultException(string reason) : Exception(reason);
