package dev.tollgate.meter;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tollgate.testing.Records;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;

class MeterTest {

    @Test
    void everySinkGetsTheRecordEvenAfterOneThatFails() {
        List<CallRecord> first = new ArrayList<>();
        List<CallRecord> last = new ArrayList<>();
        Meter meter = new Meter(List.of(first::add, failing(new IllegalStateException("full")), last::add));

        meter.record(Records.answered());

        assertThat(first).containsExactly(Records.answered());
        assertThat(last).containsExactly(Records.answered());
    }

    @Test
    void aSinkThatAlwaysFailsIsLoggedOnce() {
        Logger log = Logger.getLogger(Meter.class.getName());
        Kept kept = new Kept();
        log.addHandler(kept);
        log.setUseParentHandlers(false);
        try {
            Meter meter = new Meter(List.of(failing(new NoClassDefFoundError("gone"))));
            meter.record(Records.answered());
            meter.record(Records.refused());
        } finally {
            log.removeHandler(kept);
            log.setUseParentHandlers(true);
        }
        assertThat(kept.records).hasSize(1);
    }

    private static CallSink failing(Throwable failure) {
        return call -> {
            if (failure instanceof Error error) {
                throw error;
            }
            throw (RuntimeException) failure;
        };
    }

    private static final class Kept extends Handler {
        private final List<LogRecord> records = new ArrayList<>();

        @Override
        public void publish(LogRecord record) {
            records.add(record);
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    }
}
