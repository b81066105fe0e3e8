package dev.tollgate.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tollgate.config.Settings.OnLoss;
import dev.tollgate.limit.Slots;
import dev.tollgate.testing.ManualTime;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

class SharedStateTest {

    @Test
    void limitsLeaveTheClusterAlsoWhereSlotsCannotBeClosed() {
        SharedState local = SharedState.local(new ManualTime(), () -> Instant.EPOCH);
        SharedState state = new SharedState(
                local.limits(),
                new Unclosable(),
                local.pins(),
                local.usage(),
                local.hints(),
                local.nodes(),
                local.leases());
        Instant later = Instant.EPOCH.plusSeconds(1);
        assertThat(local.limits().first("event", later).toCompletableFuture().join())
                .isTrue();

        assertThatThrownBy(state::close).isInstanceOf(IllegalStateException.class);

        // Closed limits have forgotten all.
        assertThat(local.limits().first("event", later).toCompletableFuture().join())
                .isTrue();
    }

    private static final class Unclosable implements Slots {
        @Override
        public CompletionStage<Optional<Slot>> take(String name, long most, OnLoss onLoss) {
            return CompletableFuture.completedStage(Optional.empty());
        }

        @Override
        public long held(String name) {
            return 0;
        }

        @Override
        public void close() {
            throw new IllegalStateException("the instance has ended");
        }
    }
}
