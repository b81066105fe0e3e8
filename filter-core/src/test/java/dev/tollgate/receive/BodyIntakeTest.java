package dev.tollgate.receive;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tollgate.ErrorCode;
import dev.tollgate.Refusal;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class BodyIntakeTest {
    private static final BodyTerms TERMS =
            new BodyTerms(Duration.ofSeconds(30), 1024, Duration.ofSeconds(15), 64L << 20, Duration.ofSeconds(30));

    private final AtomicLong now = new AtomicLong(-5);

    private BodyIntake intake(long max, long declared) {
        return new BodyIntake(max, declared, TERMS, now::get);
    }

    private static ByteBuffer bytes(int count) {
        return ByteBuffer.wrap(new byte[count]);
    }

    private void pass(Duration time) {
        now.addAndGet(time.toNanos());
    }

    private static byte[] body(BodyIntake intake) {
        intake.deliver();
        assertThat(intake.body().toCompletableFuture()).isDone();
        return intake.body().toCompletableFuture().join();
    }

    private static ErrorCode refusal(BodyIntake intake) {
        intake.deliver();
        try {
            intake.body().toCompletableFuture().join();
            throw new AssertionError("the body was not refused");
        } catch (CompletionException e) {
            return ((Refusal) e.getCause()).code();
        }
    }

    @Test
    void piecesAreJoinedInOrder() {
        BodyIntake intake = intake(100, -1);
        assertThat(intake.take(ByteBuffer.wrap(new byte[] {1, 2}))).isTrue();
        assertThat(intake.take(ByteBuffer.wrap(new byte[] {3}))).isTrue();
        intake.end();
        assertThat(body(intake)).containsExactly(1, 2, 3);
    }

    @Test
    void aBodyMayBeAsLargeAsTheCapAndNoLarger() {
        BodyIntake fits = intake(50_000, -1);
        assertThat(fits.take(bytes(50_000))).isTrue();
        fits.end();
        assertThat(body(fits)).hasSize(50_000);

        BodyIntake larger = intake(50_000, -1);
        assertThat(larger.take(bytes(50_000))).isTrue();
        assertThat(larger.take(bytes(1))).isTrue();
        larger.end();
        assertThat(refusal(larger)).isEqualTo(ErrorCode.CALLER_TOO_LARGE);
    }

    @Test
    void aBodyThatIsTooLargeIsReadToItsEndBeforeThatIsTold() {
        BodyIntake intake = intake(10, 3_000);
        intake.take(bytes(1_000));
        intake.deliver();
        assertThat(intake.body().toCompletableFuture()).isNotDone();
        intake.take(bytes(2_000));
        intake.end();
        assertThat(refusal(intake)).isEqualTo(ErrorCode.CALLER_TOO_LARGE);
    }

    @Test
    void aBodyThatIsFarTooLargeIsNotReadToItsEnd() {
        assertThat(intake(10, (64L << 20) + 1).isOver()).isTrue();

        BodyIntake endless = intake(10, -1);
        for (int i = 0; i < 64; i++) {
            assertThat(endless.take(bytes(1 << 20))).isTrue();
        }
        assertThat(endless.take(bytes(1))).isFalse();
        assertThat(refusal(endless)).isEqualTo(ErrorCode.CALLER_TOO_LARGE);
    }

    @Test
    void aBodyThatIsTooLargeAndSlowIsNotReadToItsEnd() {
        BodyIntake intake = intake(10, -1);
        for (int i = 0; i < 3; i++) {
            intake.take(bytes(1 << 20));
            assertThat(intake.overdue()).isFalse();
            pass(Duration.ofSeconds(10));
        }
        assertThat(intake.overdue()).isTrue();
        assertThat(refusal(intake)).isEqualTo(ErrorCode.CALLER_TOO_LARGE);
    }

    @Test
    void anEndBeforeTheDeclaredLengthIsACut() {
        BodyIntake intake = intake(100, 10);
        intake.take(bytes(9));
        intake.end();
        assertThat(refusal(intake)).isEqualTo(ErrorCode.CALLER_BAD_REQUEST);
    }

    @Test
    void aTimeoutOfTheConnectionIsATimeoutOfTheCaller() {
        BodyIntake tomcats = intake(100, 10);
        tomcats.cut(new SocketTimeoutException());
        assertThat(refusal(tomcats)).isEqualTo(ErrorCode.CALLER_TIMEOUT);

        BodyIntake jettys = intake(100, 10);
        jettys.cut(new IllegalStateException(new TimeoutException()));
        assertThat(refusal(jettys)).isEqualTo(ErrorCode.CALLER_TIMEOUT);
    }

    @Test
    void aBodyThatKeepsTheLeastRateMayTakeAsLongAsItNeeds() {
        BodyIntake intake = intake(10 << 20, -1);
        for (int i = 0; i < 600; i++) {
            intake.take(bytes(1024));
            pass(Duration.ofSeconds(1));
            assertThat(intake.overdue()).isFalse();
        }
    }

    @Test
    void aBodyThatDripsIsOverdueAfterItsPatience() {
        BodyIntake intake = intake(1 << 20, 100_000);
        for (int i = 0; i < 29; i++) {
            intake.take(bytes(1));
            pass(Duration.ofSeconds(1));
            assertThat(intake.overdue()).isFalse();
        }
        pass(Duration.ofSeconds(2));
        assertThat(intake.overdue()).isTrue();
        assertThat(refusal(intake)).isEqualTo(ErrorCode.CALLER_TIMEOUT);
    }

    @Test
    void aBodyThatFallsSilentIsOverdueAfterTheGapHoweverFastItWas() {
        BodyIntake intake = intake(10 << 20, -1);
        intake.take(bytes(1 << 20));
        pass(Duration.ofSeconds(14));
        assertThat(intake.overdue()).isFalse();
        pass(Duration.ofSeconds(1));
        assertThat(intake.overdue()).isTrue();
    }

    @Test
    void theFirstReasonStands() {
        BodyIntake intake = intake(10, -1);
        intake.take(bytes(11));
        intake.cut(new SocketTimeoutException());
        intake.end();
        assertThat(refusal(intake)).isEqualTo(ErrorCode.CALLER_TOO_LARGE);
    }
}
