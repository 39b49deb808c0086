namespace Microsoft.SqlServer.Server;

/// <summary>How a CLR user-defined type is laid out. Only named by SqlClient; this product uses no such types.</summary>
public enum Format
{
    Unknown = 0,
    Native = 1,
    UserDefined = 2,
}

/// <summary>Custom serialisation of a CLR user-defined type.</summary>
public interface IBinarySerialize
{
    void Read(BinaryReader r);

    void Write(BinaryWriter w);
}

/// <summary>Marks a CLR type as a user-defined type of the database.</summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct, AllowMultiple = false, Inherited = true)]
public sealed class SqlUserDefinedTypeAttribute(Format format) : Attribute
{
    public Format Format { get; } = format;

    public bool IsByteOrdered { get; set; }

    public bool IsFixedLength { get; set; }

    public int MaxByteSize { get; set; }

    public string? Name { get; set; }

    public string? ValidationMethodName { get; set; }
}

/// <summary>Thrown when a CLR type cannot serve as a user-defined type.</summary>
public sealed class InvalidUdtException : SystemException
{
    public InvalidUdtException()
    {
    }

    public InvalidUdtException(string message)
        : base(message)
    {
    }

    public InvalidUdtException(string message, Exception inner)
        : base(message, inner)
    {
    }

    public static InvalidUdtException Create(Type udtType, string resourceReason) =>
        new($"'{udtType.FullName}' is not a usable user-defined type: {resourceReason}");
}
