package dev.tollgate.nemesis;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Collectors;

/** Which calls reached the provider, and when: the proof that they were let through. Times are of {@link System#nanoTime()}. */
final class Visits {
    private final Map<Long, Visit> first = new ConcurrentHashMap<>();
    private final Queue<Stay> stays = new ConcurrentLinkedQueue<>();

    /** A call's first request to the provider. */
    record Visit(long call, String subject, String node, long at) {}

    /** The time a request was being answered. */
    record Stay(String subject, String node, long from, long to) {}

    void came(Ask ask, String node, long at) {
        first.putIfAbsent(ask.id(), new Visit(ask.id(), ask.subject(), node, at));
    }

    void stayed(Ask ask, String node, long from, long to) {
        stays.add(new Stay(ask.subject(), node, from, to));
    }

    boolean saw(long call) {
        return first.containsKey(call);
    }

    Map<Long, Visit> all() {
        return Collections.unmodifiableMap(first);
    }

    List<Stay> stays(String subject) {
        return stays.stream().filter(stay -> stay.subject().equals(subject)).collect(Collectors.toList());
    }
}
