package dev.tollgate.hazelcast;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tollgate.hazelcast.Question.Kind;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class OwnCountTest {
    private final Deque<CompletableFuture<long[]>> answers = new ArrayDeque<>();
    private final Deque<Long> said = new ArrayDeque<>();
    private final OwnCount own = new OwnCount(Instant.MAX, count -> {
        said.add(count);
        return asked();
    });

    @Test
    void whatNeverFailsIsNeverPutRight() {
        take(5, 5);
        take(3, 8);
        giveBack(8);
        answer(0);

        assertThat(said).isEmpty();
    }

    @Test
    void aTakeThatFailedIsPutRightAsSoonAsItHas() {
        take(5, 5);
        CompletableFuture<long[]> lost = own.run(Kind.TAKE, 7, this::asked);
        fail();

        assertThat(lost).isCompletedExceptionally();
        assertThat(said).containsExactly(5L);
    }

    @Test
    void nothingIsAskedUntilTheCountIsRight() {
        take(5, 5);
        begin(Kind.TAKE, 7);
        fail();
        CompletableFuture<long[]> next = own.run(Kind.TAKE, 1, this::asked);
        assertThat(answers).hasSize(1);

        answer(5);
        answer(6);

        assertThat(next).isCompleted();
        assertThat(said).containsExactly(5L);
    }

    @Test
    void aReturnThatWasLostIsMadeUpFor() {
        take(5, 5);
        giveBack(4);
        fail();

        assertThat(said).containsExactly(1L);
    }

    @Test
    void nothingIsSaidWhileSomethingElseIsUnderWay() {
        take(5, 5);
        CompletableFuture<long[]> slow = own.run(Kind.TAKE, 2, this::asked);
        CompletableFuture<long[]> lost = own.run(Kind.TAKE, 7, this::asked);
        CompletableFuture<long[]> first = answers.remove();
        fail();
        assertThat(said).isEmpty();

        first.complete(Answer.with(Answer.taken(0, 0), 14));

        assertThat(slow).isCompleted();
        assertThat(lost).isCompletedExceptionally();
        assertThat(said).containsExactly(7L);
    }

    @Test
    void whatIsGivenBackWhileTheCountIsPutRightFollows() {
        take(5, 5);
        begin(Kind.TAKE, 7);
        fail();
        giveBack(2);
        answer(5);
        begin(Kind.TAKE, 1);

        assertThat(said).containsExactly(5L, 3L);
    }

    @Test
    void aCountThatTheClusterDoesNotShareIsPutRight() {
        take(5, 5);
        take(3, 11);

        assertThat(said).containsExactly(8L);
    }

    @Test
    void answersThatOvertakeEachOtherSayNothing() {
        begin(Kind.TAKE, 5);
        begin(Kind.TAKE, 3);
        CompletableFuture<long[]> first = answers.remove();
        answer(8);
        first.complete(Answer.with(Answer.taken(0, 0), 5));
        begin(Kind.TAKE, 1);
        fail();

        assertThat(said).isEmpty();
    }

    @Test
    void whatFailsBeforeTheCountIsKnownStaysCounted() {
        begin(Kind.TAKE, 7);
        fail();
        take(5, 12);
        begin(Kind.TAKE, 1);
        fail();

        assertThat(said).containsExactly(12L);
    }

    @Test
    void aNodeThatCannotSayItsCountFailsAndTriesAgain() {
        take(5, 5);
        begin(Kind.TAKE, 7);
        fail();
        CompletableFuture<long[]> waiting = own.run(Kind.TAKE, 1, this::asked);
        fail();
        begin(Kind.TAKE, 1);

        assertThat(waiting).isCompletedExceptionally();
        assertThat(said).containsExactly(5L, 5L);
    }

    private CompletableFuture<long[]> asked() {
        CompletableFuture<long[]> answer = new CompletableFuture<>();
        answers.add(answer);
        return answer;
    }

    private void begin(Kind kind, long amount) {
        CompletableFuture<long[]> unused = own.run(kind, amount, this::asked);
    }

    private void take(long amount, long counted) {
        begin(Kind.TAKE, amount);
        answer(counted);
    }

    private void giveBack(long amount) {
        begin(Kind.GIVE_BACK, amount);
    }

    private void answer(long counted) {
        answers.remove().complete(Answer.with(Answer.taken(0, 0), counted));
    }

    private void fail() {
        answers.remove().completeExceptionally(new IllegalStateException("a member is gone"));
    }
}
