package dev.tollgate.hazelcast;

import static org.assertj.core.api.Assertions.assertThat;

import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.internal.serialization.InternalSerializationService;
import com.hazelcast.internal.serialization.impl.DefaultSerializationServiceBuilder;
import com.hazelcast.map.IMap;
import com.hazelcast.nio.serialization.IdentifiedDataSerializable;
import dev.tollgate.config.Settings.OnLoss;
import dev.tollgate.hazelcast.Question.Asker;
import dev.tollgate.hazelcast.Question.Kind;
import dev.tollgate.limit.Allowance;
import dev.tollgate.limit.Allowance.Shape;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What members do when Hazelcast has them do something twice or out of order, or when they are of different versions. */
class WorkTest {
    private static final long NOW = 1_000_000_000L;
    private static final Allowance BUCKET =
            new Allowance("bucket", new Shape.Bucket(10, Duration.ofDays(1_000)), OnLoss.STRICT);
    private static final Allowance WINDOW =
            new Allowance("window", new Shape.Window(10, Instant.parse("2100-01-01T00:00:00Z")), OnLoss.STRICT);
    private static TestCluster cluster;

    @BeforeAll
    static void start() {
        cluster = new TestCluster(1);
    }

    @AfterAll
    static void stop() {
        cluster.close();
    }

    @Test
    void whatIsGivenBackTwiceComesBackOnce() throws Exception {
        for (Allowance allowance : List.of(BUCKET, WINDOW)) {
            assertThat(left(allowance, Kind.TAKE, 10, 1)).isZero();

            assertThat(left(allowance, Kind.GIVE_BACK, 3, 2)).isEqualTo(3);
            assertThat(left(allowance, Kind.GIVE_BACK, 3, 2)).isEqualTo(3);
            assertThat(left(allowance, Kind.GIVE_BACK, 1, 3)).isEqualTo(4);
            // It has been overtaken, and whether it was done before is not known any more.
            assertThat(left(allowance, Kind.GIVE_BACK, 3, 2)).isEqualTo(4);
        }
    }

    @Test
    void whatAShareNeverRefillsToIsNotRefusedForEver() {
        Allowance lent = new Allowance("lent", new Shape.Bucket(1_000, Duration.ofDays(1_000), 50), OnLoss.SHARE);

        // One member of two: a bucket of 500, which is filled up to 475 while the rest is lent.
        assertThat(answer(lent, 400, 2)[0]).isEqualTo(1);
        assertThat(answer(lent, 490, 2)).isEqualTo(Answer.unavailable());
    }

    private static long[] answer(Allowance allowance, long amount, int size) {
        Question question = Question.of(Kind.TAKE, allowance, amount, 0, new Asker("node", 1, NOW, size));
        IMap<String, byte[]> map = cluster.member(0).getMap("shares");
        return map.executeOnKey(allowance.name(), new BucketWork(question));
    }

    @Test
    void whatIsTakenTwiceRefusesTooMuchRatherThanTooLittle() throws Exception {
        Allowance other = new Allowance("other", WINDOW.shape(), OnLoss.STRICT);

        assertThat(left(other, Kind.TAKE, 4, 1)).isEqualTo(6);
        assertThat(left(other, Kind.TAKE, 4, 1)).isEqualTo(2);
    }

    @Test
    void aSeedThatIsSownAgainLateForgetsNothing() throws Exception {
        Allowance seeded = new Allowance("seeded", WINDOW.shape(), OnLoss.STRICT);

        assertThat(left(seeded, Kind.SEED, 2, 1)).isEqualTo(8);
        assertThat(left(seeded, Kind.TAKE, 5, 2)).isEqualTo(3);
        assertThat(left(seeded, Kind.SEED, 2, 1)).isEqualTo(3);
    }

    @Test
    void whatALaterVersionHasAddedIsKept() {
        byte[] added = {7, 7, 7};
        byte[] bucket = BucketEntry.fresh(new Shape.Bucket(10, Duration.ofDays(1)), Portion.WHOLE, NOW)
                .bytes();
        WindowEntry window = WindowEntry.fresh(10, Portion.WHOLE);
        window.charge("node", 3);
        SlotEntry slots = SlotEntry.fresh(10, Portion.WHOLE);
        slots.hold("node", "member", 3, NOW);

        assertThat(BucketEntry.of(later(bucket, added)).bytes()).isEqualTo(later(bucket, added));
        assertThat(WindowEntry.of(later(window.bytes(), added)).bytes()).isEqualTo(later(window.bytes(), added));
        assertThat(SlotEntry.of(later(slots.bytes(), added)).bytes()).isEqualTo(later(slots.bytes(), added));
    }

    @Test
    void whatALaterVersionHasAddedToAQuestionIsSkipped() throws Exception {
        WindowWork work = new WindowWork(question(WINDOW, Kind.TAKE, 1, 1));
        byte[] fields = Fields.write(out -> {
            work.write(out);
            out.writeUTF("later");
        });
        WindowWork read = new WindowWork();

        Fields.read(fields, in -> {
            read.read(in);
            return read;
        });

        assertThat(Fields.write(read::write)).isEqualTo(Fields.write(work::write));
    }

    @Test
    void nothingTravelsByJavasOwnSerialization() {
        InternalSerializationService bytes = new DefaultSerializationServiceBuilder()
                .setConfig(MemberConfig.serialization())
                .setClassLoader(WorkTest.class.getClassLoader())
                .build();
        Slotholder holder = new Slotholder("node", "member", NOW);
        List<IdentifiedDataSerializable> all = List.of(
                new BucketWork(question(BUCKET, Kind.TAKE, 1, 1)),
                new WindowWork(question(WINDOW, Kind.SEED, 1, 1)),
                new HoldWork(new HoldWork.Wish(10, 1, 2, holder, 3)),
                new RenewWork(Map.of("calls", 2L), holder),
                new OnceWork("asker", 1_000),
                new Work.Replaced(new byte[] {1}, 1_000),
                new Introduction(),
                new HazelcastUsage.Prefixed("hour|"),
                new Joining.OfBuckets(),
                new Joining.OfWindows(),
                new Joining.OfSlots(),
                new Joining.OfUsage());

        for (IdentifiedDataSerializable each : all) {
            byte[] written = bytes.toBytes(each);
            Object read = bytes.toObject(bytes.toData(each));
            assertThat(read).hasSameClassAs(each);
            assertThat(bytes.toBytes(read)).isEqualTo(written);
        }
        bytes.dispose();
    }

    private static byte[] later(byte[] value, byte[] added) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        all.write(Fields.VERSION + 1);
        all.writeBytes(Arrays.copyOfRange(value, 1, value.length));
        all.writeBytes(added);
        return all.toByteArray();
    }

    private static long left(Allowance allowance, Kind kind, long amount, long sequence) throws Exception {
        HazelcastInstance member = cluster.member(0);
        boolean isBucket = allowance.shape() instanceof Shape.Bucket;
        IMap<String, byte[]> map = member.getMap(isBucket ? SharedMaps.BUCKETS : SharedMaps.WINDOWS);
        Question question = question(allowance, kind, amount, sequence);
        long[] answer = map.submitToKey(
                        allowance.name(), isBucket ? new BucketWork(question) : new WindowWork(question))
                .toCompletableFuture()
                .get(30, TimeUnit.SECONDS);
        return answer[1];
    }

    private static Question question(Allowance allowance, Kind kind, long amount, long sequence) {
        return Question.of(kind, allowance, amount, 0, new Asker("node", sequence, NOW, 0));
    }
}
