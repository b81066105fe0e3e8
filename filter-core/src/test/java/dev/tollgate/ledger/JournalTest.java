package dev.tollgate.ledger;

import static dev.tollgate.ledger.Rows.called;
import static dev.tollgate.ledger.Rows.ended;
import static dev.tollgate.ledger.Rows.started;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.tollgate.ErrorCode;
import dev.tollgate.chat.Usage;
import dev.tollgate.config.Settings;
import dev.tollgate.config.Settings.Ledger.OnFailure;
import dev.tollgate.config.Settings.Ledger.Unknown;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JournalTest {
    @TempDir
    Path folder;

    private final AtomicReference<Instant> now = new AtomicReference<>(Rows.NOON);
    private final InstantSource clock = now::get;

    private final List<Entry> seen = java.util.Collections.synchronizedList(new ArrayList<>());

    private Journal open() {
        return Journal.open(settings(64L << 20, OnFailure.REFUSE, Unknown.CHARGE), clock, seen::add);
    }

    private Settings.Ledger settings(long rotate, OnFailure onFailure, Unknown unknown) {
        return new Settings.Ledger(folder, true, rotate, Duration.ofDays(30), onFailure, unknown);
    }

    private static void durable(CompletionStage<Void> written) throws Exception {
        written.toCompletableFuture().get(10, TimeUnit.SECONDS);
    }

    @Test
    void whatIsDurableIsThereForReadersWhileTheJournalIsOpen() throws Exception {
        try (Journal journal = open()) {
            journal.note(started("a/1"));
            durable(journal.write(List.of(ended("a/1"), called("a"))));
            assertThat(Rows.in(folder)).containsExactly(started("a/1"), ended("a/1"), called("a"));
            assertThat(seen).as("what the watcher was told").containsExactly(started("a/1"), ended("a/1"), called("a"));
        }
    }

    @Test
    void aNoteThatNobodyWaitsForIsWrittenByItself() throws Exception {
        try (Journal journal = open()) {
            journal.note(started("a/1"));
            await().untilAsserted(() -> assertThat(Rows.in(folder)).containsExactly(started("a/1")));
            await().untilAsserted(() -> assertThat(journal.status().forces()).isEqualTo(2));
        }
    }

    @Test
    void manyWritersShareAForce() throws Exception {
        int writers = 8;
        int each = 500;
        SlowForces disk = new SlowForces(Duration.ofMillis(5));
        try (Journal journal = Journal.open(
                settings(64L << 20, OnFailure.REFUSE, Unknown.CHARGE), clock, seen::add, disk, Journal.MOST_LATE)) {
            List<Thread> threads = new ArrayList<>();
            List<CompletionStage<Void>> all = java.util.Collections.synchronizedList(new ArrayList<>());
            for (int w = 0; w < writers; w++) {
                int writer = w;
                Thread thread = new Thread(() -> {
                    for (int i = 0; i < each; i++) {
                        all.add(journal.write(List.of(ended(writer + "-" + i + "/1"))));
                    }
                });
                thread.start();
                threads.add(thread);
            }
            for (Thread thread : threads) {
                thread.join();
            }
            for (CompletionStage<Void> written : all) {
                durable(written);
            }
            assertThat(journal.status().rows()).isEqualTo(writers * each);
            assertThat(journal.status().forces()).isLessThan(writers * each / 4);
        }
        assertThat(Rows.in(folder)).hasSize(writers * each);
    }

    @Test
    void attemptsOfANodeThatDiedEndAsUnknownAndAreChargedWhatWasReserved() throws Exception {
        Journal died = open();
        died.note(started("a/1"));
        durable(died.write(List.of(started("b/1"), ended("b/1"))));
        died.close();
        try (Journal next = open()) {
            List<Entry> earlier = new ArrayList<>();
            next.readEarlier(Instant.MIN, earlier::add, damage -> {});
            Entry.Ended unknown = (Entry.Ended) earlier.get(earlier.size() - 1);
            assertThat(unknown.attempt()).isEqualTo("a/1");
            assertThat(unknown.error()).isEqualTo(ErrorCode.GATEWAY_ABORTED);
            assertThat(unknown.estimated()).isTrue();
            assertThat(unknown.usage().input()).isEqualTo(100);
            assertThat(unknown.usage().output()).isEqualTo(50);
            assertThat(unknown.costNanoUsd()).hasValue(700);
            assertThat(earlier).extracting(Entry::id).containsExactly("b/1", "a/1");
        }
        open().close();
        assertThat(Rows.in(folder)).as("it ends once").hasSize(4);
    }

    @Test
    void attemptsOfUnknownOutcomeCanBeFree() throws Exception {
        Journal died = open();
        durable(died.write(List.of(started("a/1"))));
        died.close();
        Journal.open(settings(64L << 20, OnFailure.REFUSE, Unknown.FREE), clock, seen::add)
                .close();
        assertThat(Rows.in(folder)).last().isInstanceOfSatisfying(Entry.Ended.class, ended -> {
            assertThat(ended.usage()).isEqualTo(Usage.NONE);
            assertThat(ended.costNanoUsd()).isEqualTo(OptionalLong.of(0));
        });
    }

    @Test
    void attemptsUnderWayAreKnownHoweverOftenAFileIsBegun() throws Exception {
        try (Journal died = Journal.open(settings(1024, OnFailure.REFUSE, Unknown.CHARGE), clock, seen::add)) {
            died.note(started("long/1"));
            for (int i = 0; i < 50; i++) {
                durable(died.write(List.of(ended("x" + i + "/1"))));
            }
        }
        assertThat(Rows.files(folder).size()).isGreaterThan(10);
        List<Path> files = Rows.files(folder);
        for (Path old : files.subList(0, files.size() - 1)) {
            Files.delete(old);
        }
        try (Journal next = open()) {
            List<Entry> earlier = new ArrayList<>();
            next.readEarlier(Instant.MIN, earlier::add, damage -> {});
            assertThat(earlier).last().extracting(Entry::id).isEqualTo("long/1");
        }
    }

    @Test
    void aRowThatWasNeverFinishedIsCutOffAtTheStartAndTold() throws Exception {
        Journal died = open();
        durable(died.write(List.of(ended("a/1"))));
        died.close();
        byte[] whole = Rows.newest(folder);
        Path file = Rows.files(folder).get(0);
        Files.write(file, java.util.Arrays.copyOf(Rows.file(ended("b/1")), 300), StandardOpenOption.APPEND);
        try (Journal next = open()) {
            assertThat(next.damages()).singleElement().satisfies(damage -> {
                assertThat(damage.file()).isEqualTo(file);
                assertThat(damage.offset()).isGreaterThanOrEqualTo(whole.length);
                assertThat(damage.atEnd()).isTrue();
            });
        }
        assertThat(Files.readAllBytes(file)).startsWith(whole);
        assertThat(Rows.read(Files.readAllBytes(file)).damages()).isEmpty();
        assertThat(Rows.in(folder)).containsExactly(ended("a/1"));
    }

    @Test
    void aNodeKeepsItsIdAndNoOtherMayHaveItsFolder() {
        String node;
        try (Journal journal = open()) {
            node = journal.node();
            assertThatThrownBy(this::open)
                    .isInstanceOf(LedgerException.class)
                    .hasMessageContaining("another gateway's, which is running")
                    .hasMessageContaining(folder.toString());
        }
        try (Journal again = open()) {
            assertThat(again.node()).isEqualTo(node);
        }
    }

    @Test
    void aDayBeginsAFileAndOldOnesAreRemoved() throws Exception {
        try (Journal journal = open()) {
            durable(journal.write(List.of(ended("a/1"))));
            now.set(Rows.NOON.plus(Duration.ofDays(1)));
            durable(journal.write(List.of(ended("b/1"))));
            assertThat(Rows.files(folder)).hasSize(2);
            now.set(Rows.NOON.plus(Duration.ofDays(31)));
            durable(journal.write(List.of(ended("c/1"))));
            assertThat(Rows.in(folder)).containsExactly(ended("b/1"), ended("c/1"));
            now.set(Rows.NOON.plus(Duration.ofDays(32)));
            durable(journal.write(List.of(ended("d/1"))));
            assertThat(Rows.in(folder)).containsExactly(ended("c/1"), ended("d/1"));
        }
    }

    @Test
    void aFullDiskRefusesAndItsRowsComeLateWhenThereIsRoomAgain() throws Exception {
        SmallDisk disk = new SmallDisk(2_000);
        try (Journal journal = Journal.open(
                settings(64L << 20, OnFailure.REFUSE, Unknown.CHARGE), clock, seen::add, disk, Journal.MOST_LATE)) {
            List<String> refused = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                CompletableFuture<Void> written =
                        journal.write(List.of(ended("a" + i + "/1"))).toCompletableFuture();
                if (written.handle((done, failure) -> failure != null).get(10, TimeUnit.SECONDS)) {
                    refused.add("a" + i + "/1");
                }
            }
            assertThat(refused).hasSizeGreaterThan(5);
            assertThat(journal.isWritable()).isFalse();
            assertThat(journal.status().late()).isEqualTo(refused.size());
            disk.grow(1L << 20);
            await().until(journal::isWritable);
            durable(journal.write(List.of(ended("b/1"))));
            assertThat(journal.status().lost()).isZero();
        }
        assertThat(Rows.in(folder)).hasSize(21).doesNotHaveDuplicates();
    }

    @Test
    void whatAFailingForceMayHaveLostIsWrittenAgain() throws Exception {
        SmallDisk disk = new SmallDisk(1L << 20);
        try (Journal journal = Journal.open(
                settings(64L << 20, OnFailure.CONTINUE, Unknown.CHARGE), clock, seen::add, disk, Journal.MOST_LATE)) {
            durable(journal.write(List.of(ended("a/1"))));
            disk.failForces(true);
            assertThat(journal.write(List.of(ended("b/1"))))
                    .failsWithin(Duration.ofSeconds(10))
                    .withThrowableThat()
                    .havingCause()
                    .isInstanceOf(LedgerException.class);
            assertThat(journal.isWritable()).as("on-failure: continue").isTrue();
            assertThat(journal.status().failing()).isTrue();
            disk.failForces(false);
            await().until(() -> !journal.status().failing());
        }
        assertThat(Rows.in(folder)).containsExactly(ended("a/1"), ended("b/1"));
        assertThat(Rows.read(Rows.newest(folder)).rows()).contains(ended("b/1"));
    }

    @Test
    void nobodyWaitsForADiskThatHangsAndItsRowsComeLate() throws Exception {
        CountDownLatch stuck = new CountDownLatch(1);
        try (Journal journal = Journal.open(
                settings(64L << 20, OnFailure.REFUSE, Unknown.CHARGE),
                clock,
                seen::add,
                new HangingForces(stuck),
                Journal.MOST_LATE)) {
            CompletionStage<Void> inHand = journal.write(List.of(ended("a/1")));
            await().until(() -> journal.status().waiting() == 0);
            CompletionStage<Void> waiting = journal.write(List.of(ended("b/1")));

            for (CompletionStage<Void> each : List.of(inHand, waiting)) {
                assertThat(each)
                        .failsWithin(Journal.HANGING.plusSeconds(5))
                        .withThrowableThat()
                        .havingCause()
                        .isInstanceOf(LedgerException.class);
            }
            assertThat(journal.isWritable()).isFalse();
            stuck.countDown();
            await().until(journal::isWritable);
            durable(journal.write(List.of(ended("c/1"))));
        }
        assertThat(Rows.in(folder)).containsExactly(ended("a/1"), ended("b/1"), ended("c/1"));
    }

    @Test
    void noMoreRowsAreKeptThanThereIsRoomForAndThoseAreCounted() throws Exception {
        SmallDisk disk = new SmallDisk(1_000);
        try (Journal journal =
                Journal.open(settings(64L << 20, OnFailure.CONTINUE, Unknown.CHARGE), clock, seen::add, disk, 10)) {
            for (int i = 0; i < 30; i++) {
                int unused = journal.write(List.of(ended("a" + i + "/1")))
                        .toCompletableFuture()
                        .handle((done, failure) -> 0)
                        .get(10, TimeUnit.SECONDS);
            }
            Journal.Status status = journal.status();
            assertThat(status.late()).isEqualTo(10);
            assertThat(status.rows() + status.late() + status.lost()).isEqualTo(30);
        }
    }

    @Test
    void aClosedJournalRefusesAndItsThreadsEnd() {
        Journal journal = open();
        CompletionStage<Void> before = journal.write(List.of(ended("a/1")));
        journal.close();
        assertThat(before).succeedsWithin(Duration.ofSeconds(1));
        assertThat(journal.write(List.of(ended("b/1")))).failsWithin(Duration.ofSeconds(1));
        assertThat(journal.isWritable()).isFalse();
        await().untilAsserted(() -> assertThat(Thread.getAllStackTraces().keySet())
                .extracting(Thread::getName)
                .noneMatch(name -> name.startsWith("tollgate-ledger")));
    }

    @Test
    void theSameIdCountsOnceAndTheLastRowIsTheOne() throws Exception {
        try (Journal journal = open()) {
            durable(journal.write(List.of(ended("a/1", 5), ended("b/1"), ended("a/1", 7))));
        }
        assertThat(Rows.in(folder)).containsExactlyInAnyOrder(ended("a/1", 7), ended("b/1"));
    }

    @Test
    void aCopyOfAFolderAddsNothing(@TempDir Path copy) throws Exception {
        try (Journal journal = open()) {
            durable(journal.write(List.of(ended("a/1"))));
        }
        for (Path file : Rows.files(folder)) {
            Files.copy(file, copy.resolve(file.getFileName()));
        }
        List<Entry> rows = new ArrayList<>();
        new LedgerReader(List.of(copy, folder)).read(Instant.MIN, Instant.MAX, rows::add, damage -> {});
        assertThat(rows).containsExactly(ended("a/1"));
    }

    @Test
    void onlyRowsOfTheTimeAskedForAreRead() throws Exception {
        try (Journal journal = open()) {
            durable(journal.write(List.of(ended("a/1"))));
        }
        List<Entry> rows = new ArrayList<>();
        LedgerReader reader = new LedgerReader(List.of(folder));
        reader.read(Rows.NOON.plusSeconds(1), Instant.MAX, rows::add, damage -> {});
        reader.read(Instant.MIN, Rows.NOON, rows::add, damage -> {});
        assertThat(rows).isEmpty();
        reader.read(Rows.NOON, Rows.NOON.plusNanos(1), rows::add, damage -> {});
        assertThat(rows).containsExactly(ended("a/1"));
    }

    @Test
    void aFolderThatCannotBeMadeIsTold() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "");
        Settings.Ledger settings = new Settings.Ledger(file.resolve("ledger"));
        assertThatThrownBy(() -> Journal.open(settings, clock, seen::add))
                .isInstanceOf(LedgerException.class)
                .hasMessageContaining("cannot be used");
    }
}
