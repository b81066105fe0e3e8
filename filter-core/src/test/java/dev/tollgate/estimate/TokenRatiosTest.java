package dev.tollgate.estimate;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tollgate.route.Candidate;
import dev.tollgate.testing.SettingsOf;
import java.util.Base64;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TokenRatiosTest {
    private static final Candidate MODEL = new Candidate(SettingsOf.provider("one", "openai"), "m");
    private static final Candidate OTHER = new Candidate(SettingsOf.provider("one", "openai"), "n");

    private final TokenRatios ratios = new TokenRatios();

    private static RequestSize text(long bytes) {
        return new RequestSize(bytes, 0);
    }

    @Test
    void untilSomethingIsKnownATokenHasFourBytesAndAReservationAThirdMore() {
        assertThat(ratios.input(MODEL, text(4_000))).isEqualTo(1_000);
        assertThat(ratios.inputAtMost(MODEL, text(4_000))).isEqualTo(1_334);
        assertThat(ratios.output(MODEL, 401)).isEqualTo(101);
        assertThat(ratios.characters(MODEL, 100)).isEqualTo(400);
    }

    @Test
    void whatProvidersReportIsLearnedForThatModelAlone() {
        for (int i = 0; i < 60; i++) {
            ratios.learnInput(MODEL, text(6_000), 3_000);
            ratios.learnOutput(MODEL, 6_000, 1_000);
        }

        assertThat(ratios.input(MODEL, text(6_000))).isBetween(2_900L, 3_010L);
        assertThat(ratios.output(MODEL, 6_000)).isBetween(1_000L, 1_010L);
        assertThat(ratios.input(OTHER, text(6_000))).isEqualTo(1_500);
    }

    @Test
    void oneOddReportMovesLittleAndNoneLeavesSanity() {
        ratios.learnInput(MODEL, text(1_000_000), 100);
        assertThat(ratios.input(MODEL, text(9_000))).isEqualTo(2_000);
        for (int i = 0; i < 500; i++) {
            ratios.learnInput(MODEL, text(600), 1_000_000);
            ratios.learnInput(OTHER, text(1_000_000), 100);
        }
        assertThat(ratios.input(MODEL, text(1_500))).isBetween(990L, 1_001L);
        assertThat(ratios.input(OTHER, text(8_000))).isBetween(1_000L, 1_010L);
    }

    @Test
    void fewBytesAndMediaTeachNothing() {
        ratios.learnInput(MODEL, text(100), 90);
        ratios.learnInput(MODEL, new RequestSize(10_000, 1), 9_000);

        assertThat(ratios.input(MODEL, text(4_000))).isEqualTo(1_000);
    }

    @Test
    void modelsThatCallersMakeUpTakeNoMemory() {
        for (int i = 0; i < 10_000; i++) {
            ratios.learnInput(new Candidate(MODEL.provider(), "m" + i), text(6_000), 3_000);
        }

        assertThat(ratios.input(new Candidate(MODEL.provider(), "m1"), text(4_000)))
                .isGreaterThan(1_000);
        assertThat(ratios.input(new Candidate(MODEL.provider(), "m9999"), text(4_000)))
                .isEqualTo(1_000);
    }

    @Test
    void mediaInBase64AreNoText() {
        byte[] image = new byte[300_000];
        new Random(1).nextBytes(image);
        String base64 = Base64.getEncoder().encodeToString(image);
        String escaped = Base64.getMimeEncoder()
                .encodeToString(image)
                .replace("/", "\\/")
                .replace("\r\n", "\\r\\n");
        String words = "It is a truth universally acknowledged, that a single man ".repeat(300);

        assertThat(RequestSize.of(words.getBytes(UTF_8))).isEqualTo(text(words.length()));
        assertThat(RequestSize.of((words + '"' + base64 + '"' + words).getBytes(UTF_8)))
                .isEqualTo(new RequestSize(2L * words.length() + 2, 1));
        assertThat(RequestSize.of(("data:image/png;base64," + base64 + "\",\"" + escaped).getBytes(UTF_8)))
                .isEqualTo(new RequestSize("data:image/png;base64,".length() + 3, 2));
        assertThat(RequestSize.of("没有空格的很长的文字".repeat(200).getBytes(UTF_8)).media())
                .isZero();
        assertThat(RequestSize.of(new byte[0])).isEqualTo(RequestSize.NOTHING);
        assertThat(RequestSize.of("x".repeat(1_023).getBytes(UTF_8))).isEqualTo(text(1_023));
        assertThat(RequestSize.of("x".repeat(1_024).getBytes(UTF_8))).isEqualTo(new RequestSize(0, 1));
    }
}
