package dev.tollgate.hazelcast;

import com.hazelcast.map.IMap;
import dev.tollgate.pin.Pin;
import dev.tollgate.pin.Pins;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Pins shared by the nodes of a cluster, each kept by one member and backed up by another. A pin is kept as one text of three
 * lines, so that members of different versions of the gateway understand each other.
 */
final class HazelcastPins implements Pins {
    private static final int LINES = 3;

    private final IMap<String, String> map;
    private final Duration deadline;

    /** @param deadline how long a call waits for the cluster */
    HazelcastPins(IMap<String, String> map, Duration deadline) {
        this.map = map;
        this.deadline = deadline;
    }

    @Override
    public CompletionStage<Optional<Pin>> find(String id) {
        return withDeadline(map.getAsync(id)).thenApply(HazelcastPins::read);
    }

    private static Optional<Pin> read(@Nullable String kept) {
        String[] lines = kept == null ? new String[0] : kept.split("\n", -1);
        return lines.length < LINES ? Optional.empty() : Optional.of(new Pin(lines[0], lines[1], lines[2]));
    }

    @Override
    public CompletionStage<Void> remember(String id, Pin pin) {
        String kept = String.join("\n", pin.provider(), pin.model(), pin.owner());
        return withDeadline(map.setAsync(id, kept));
    }

    @Override
    public CompletionStage<Void> forget(String id) {
        return withDeadline(map.removeAsync(id)).thenAccept(removed -> {});
    }

    @Override
    public void close() {
        // The membership is ended by whoever ends it for all that is shared.
    }

    private <T> CompletionStage<T> withDeadline(CompletionStage<T> answer) {
        return answer.toCompletableFuture().orTimeout(deadline.toMillis(), TimeUnit.MILLISECONDS);
    }
}
