package dev.tollgate.jetty;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import org.junit.jupiter.api.Test;

class LogLineTest {
    private final LogRecord message = new LogRecord(Level.INFO, "a call ended");

    @Test
    void aMessageIsOneLineWithItsTimeLevelAndLogger() {
        message.setLoggerName("tollgate.calls");
        message.setInstant(Instant.parse("2026-11-24T10:15:30.123456Z"));

        assertThat(new LogLine().format(message))
                .matches("2026-11-2[345]T\\d\\d:\\d\\d:30\\.123[+-]\\d{4} INFO tollgate\\.calls a call ended\\R");
    }

    @Test
    void valuesArePutIntoTheMessage() {
        message.setMessage("{0} of {1}");
        message.setParameters(new Object[] {"one", "two"});

        assertThat(new LogLine().format(message)).endsWith("one of two" + System.lineSeparator());
    }

    @Test
    void theTraceOfWhatWasThrownFollows() {
        message.setThrown(new IllegalStateException("broken", new IllegalArgumentException("why")));

        assertThat(new LogLine().format(message))
                .contains(
                        "a call ended",
                        "IllegalStateException: broken",
                        "Caused by: java.lang.IllegalArgumentException: why");
    }
}
