package dev.tollgate.hazelcast;

import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.map.IMap;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/** Work handed to the members. What cannot even be handed over fails like what cannot be done. */
final class Submitted {

    private Submitted() {}

    static CompletableFuture<long[]> to(HazelcastInstance instance, String map, String key, Work work) {
        try {
            IMap<String, byte[]> entries = instance.getMap(map);
            return entries.submitToKey(key, work).toCompletableFuture();
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    static CompletableFuture<?> all(HazelcastInstance instance, String map, Set<String> keys, Work work) {
        try {
            IMap<String, byte[]> entries = instance.getMap(map);
            return entries.submitToKeys(keys, work).toCompletableFuture();
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }
}
