package dev.tollgate.limit;

import dev.tollgate.config.Settings.OnLoss;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Calls under way of which nothing is known, where limits are only looked at. None can be taken. */
public final class UnseenSlots implements Slots {

    @Override
    public CompletionStage<Optional<Slot>> take(String name, long most, OnLoss onLoss) {
        return CompletableFuture.failedStage(new IllegalStateException("nothing is counted here"));
    }

    @Override
    public long held(String name) {
        return 0;
    }

    @Override
    public void close() {}
}
