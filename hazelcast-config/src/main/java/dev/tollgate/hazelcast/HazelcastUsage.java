package dev.tollgate.hazelcast;

import com.hazelcast.map.IMap;
import com.hazelcast.nio.ObjectDataInput;
import com.hazelcast.nio.ObjectDataOutput;
import com.hazelcast.nio.serialization.IdentifiedDataSerializable;
import com.hazelcast.query.Predicate;
import dev.tollgate.usage.SharedUsage;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/** What each node has used, kept by the members. Each total is kept as the moment it was published, a space, and its text. */
final class HazelcastUsage implements SharedUsage {
    private static final long DEADLINE_SECONDS = 5;

    private final IMap<String, String> map;
    private final LongSupplier clock;
    private final Executor thread;

    /**
     * @param clock the time of the cluster in nanoseconds since 1970
     * @param thread may wait for the cluster
     */
    HazelcastUsage(IMap<String, String> map, LongSupplier clock, Executor thread) {
        this.map = map;
        this.clock = clock;
        this.thread = thread;
    }

    @Override
    public CompletionStage<Void> publish(String node, Map<String, String> totals, Duration keep) {
        String at = clock.getAsLong() + " ";
        CompletableFuture<?>[] published = totals.entrySet().stream()
                .map(total -> published(total.getKey() + '|' + node, at + total.getValue(), keep))
                .toArray(CompletableFuture<?>[]::new);
        return CompletableFuture.allOf(published).orTimeout(DEADLINE_SECONDS, TimeUnit.SECONDS);
    }

    private CompletableFuture<Void> published(String name, String total, Duration keep) {
        try {
            return map.setAsync(name, total, Math.max(1, keep.toMillis()), TimeUnit.MILLISECONDS)
                    .toCompletableFuture();
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    @Override
    public CompletionStage<Map<String, String>> find(String prefix) {
        return CompletableFuture.supplyAsync(() -> found(prefix), thread).orTimeout(DEADLINE_SECONDS, TimeUnit.SECONDS);
    }

    private Map<String, String> found(String prefix) {
        Map<String, String> found = new TreeMap<>();
        map.entrySet(new Prefixed(prefix))
                .forEach(each -> found.put(
                        each.getKey(), each.getValue().substring(each.getValue().indexOf(' ') + 1)));
        return found;
    }

    /** When a kept total was published. */
    static long publishedAt(String kept) {
        return Long.parseLong(kept.substring(0, kept.indexOf(' ')));
    }

    @Override
    public void close() {
        // The membership is ended by whoever ends it for all that is shared.
    }

    /** Names that begin with a text. */
    static final class Prefixed implements Predicate<String, String>, IdentifiedDataSerializable {
        private static final long serialVersionUID = 1L;

        private String prefix;

        Prefixed(String prefix) {
            this.prefix = prefix;
        }

        @Override
        public boolean apply(Map.Entry<String, String> entry) {
            return entry.getKey().startsWith(prefix);
        }

        @Override
        public void writeData(ObjectDataOutput out) throws IOException {
            out.writeByte(Fields.VERSION);
            out.writeString(prefix);
        }

        @Override
        public void readData(ObjectDataInput in) throws IOException {
            in.readByte();
            String read = in.readString();
            prefix = read == null ? "" : read;
        }

        @Override
        public int getFactoryId() {
            return GridSerialization.FACTORY_ID;
        }

        @Override
        public int getClassId() {
            return GridSerialization.PREFIXED;
        }
    }
}
