package dev.tollgate.limit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tollgate.config.Settings.Mode;
import dev.tollgate.config.Settings.Per;
import dev.tollgate.testing.ManualTime;
import java.text.MessageFormat;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LimitLogTest {
    private static final Logger LOG = Logger.getLogger("tollgate.limits");

    private final ManualTime time = new ManualTime();
    private final LimitLog log = new LimitLog(LimitEvents.NONE, time);
    private final List<String> lines = new ArrayList<>();
    private final Handler lister = new Handler() {
        @Override
        public void publish(LogRecord line) {
            lines.add(MessageFormat.format(line.getMessage(), line.getParameters()));
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    };

    @BeforeEach
    void listen() {
        LOG.addHandler(lister);
        LOG.setUseParentHandlers(false);
    }

    @AfterEach
    void leave() {
        LOG.removeHandler(lister);
        LOG.setUseParentHandlers(true);
    }

    @Test
    void whatALimitInShadowModeWouldRefuseIsToldOnceAMinute() {
        for (int call = 0; call < 100; call++) {
            refused("key \"a\": 5 requests per minute", "a has made them");
        }
        refused("key \"b\": 5 requests per minute", "b has made them");
        time.pass(Duration.ofMinutes(1));
        refused("key \"a\": 5 requests per minute", "a has made them");

        assertThat(lines)
                .containsExactly(
                        "in shadow mode a call would have been refused: a has made them",
                        "in shadow mode a call would have been refused: b has made them",
                        "in shadow mode a call would have been refused (and 99 calls before it): a has made them");
    }

    @Test
    void thresholdsAreToldAsTheyAreAndEnforcedRefusalsStandWithTheirCalls() {
        log.threshold(Per.TEAM, "team \"search\"", "team \"search\" has spent {80} of 100 USD");
        log.refused(Per.TEAM, "spend", Mode.ENFORCE, "team \"search\"", "has spent");

        assertThat(lines).containsExactly("team \"search\" has spent {80} of 100 USD");
    }

    private void refused(String limit, String message) {
        log.refused(Per.KEY, "requests", Mode.SHADOW, limit, message);
    }
}
