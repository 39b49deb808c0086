using System.Text;

namespace AiRudder.Dashboard.CallTasks;

/// <summary>What a file of numbers holds.</summary>
/// <param name="Numbers">Lines that are not empty, without the header.</param>
/// <param name="HasHeader">The first line names columns.</param>
public sealed record ListCount(int Numbers, bool HasHeader);

/// <summary>Counts the numbers of an uploaded list, line by line: nothing of it is kept.</summary>
public static class ListFile
{
    /// <summary>Bytes of the largest file.</summary>
    public const long Largest = 100 * 1024 * 1024;

    /// <summary>A line with a number has at least so many digits somewhere; a header has not.</summary>
    private const int FewestDigits = 5;

    /// <exception cref="InvalidDataException">The file is too large or no text.</exception>
    public static async Task<ListCount> CountAsync(Stream file, CancellationToken cancel)
    {
        using var text = new StreamReader(file, Encoding.UTF8, detectEncodingFromByteOrderMarks: true, leaveOpen: true);
        var buffer = new char[16 * 1024];
        var (lines, digits, filled, header, length) = (0, 0, false, false, 0L);
        for (int read; (read = await text.ReadAsync(buffer, cancel)) > 0;)
        {
            if ((length += read) > Largest)
            {
                throw new InvalidDataException(T("The file is larger than {0} MB.", Largest / 1024 / 1024));
            }

            foreach (var sign in buffer.AsSpan(0, read))
            {
                if (sign == '\0')
                {
                    throw new InvalidDataException(T("The file is no text: save the list as CSV or TXT."));
                }

                if (sign is '\n' or '\r')
                {
                    End();
                    continue;
                }

                filled |= !char.IsWhiteSpace(sign) && sign is not (',' or ';' or '"');
                digits += char.IsDigit(sign) ? 1 : 0;
            }
        }

        End();
        return new ListCount(header ? lines - 1 : lines, header);

        void End()
        {
            if (filled)
            {
                header |= lines == 0 && digits < FewestDigits;
                lines++;
            }

            (digits, filled) = (0, false);
        }
    }
}
