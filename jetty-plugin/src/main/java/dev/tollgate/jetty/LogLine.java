package dev.tollgate.jetty;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.logging.Formatter;
import java.util.logging.LogRecord;

/**
 * One line per message: time, level, logger, message; the trace of what was thrown follows. The JDK's own formatter looks
 * through the stack for whoever logged, even where its format leaves that out, and a line is logged for every call.
 */
public final class LogLine extends Formatter {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSxx").withZone(ZoneId.systemDefault());

    /** Made by the JDK's log manager, which reads its name in {@code logging.properties}. */
    public LogLine() {}

    @Override
    public String format(LogRecord message) {
        StringBuilder line = new StringBuilder(768);
        TIME.formatTo(message.getInstant(), line);
        line.append(' ').append(message.getLevel().getName());
        line.append(' ').append(message.getLoggerName());
        line.append(' ').append(formatMessage(message)).append(System.lineSeparator());
        if (message.getThrown() != null) {
            line.append(trace(message.getThrown()));
        }
        return line.toString();
    }

    private static String trace(Throwable thrown) {
        StringWriter trace = new StringWriter();
        thrown.printStackTrace(new PrintWriter(trace, true));
        return trace.toString();
    }
}
