package dev.tollgate.forward;

import dev.tollgate.chat.Part.Source;
import dev.tollgate.config.Settings;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Fetches images and documents on a caller's behalf, from where the operator allows. */
@FunctionalInterface
public interface MediaFetcher {
    /** Fetches nothing from anywhere. */
    MediaFetcher NOTHING = (urls, allowed) -> CompletableFuture.completedFuture(Map.of());

    /**
     * Fetches what is behind URLs; never fails.
     *
     * @return what could be fetched, by URL
     */
    CompletionStage<Map<String, Source.Inline>> fetch(Set<String> urls, Settings.Media allowed);
}
