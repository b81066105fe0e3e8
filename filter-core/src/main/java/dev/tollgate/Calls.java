package dev.tollgate;

import java.time.InstantSource;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;

/** The calls under way: begins them with an id and a clock, and knows which have not ended. */
final class Calls {
    private final InstantSource clock;
    private final LongSupplier nanoTime;
    private final LongSupplier random;
    private final Set<Call> underWay = ConcurrentHashMap.newKeySet();
    private final AtomicInteger telling = new AtomicInteger();

    /**
     * @param nanoTime a monotonic clock in nanoseconds
     * @param random 64 random bits at a time, safe to call from any thread
     */
    Calls(InstantSource clock, LongSupplier nanoTime, LongSupplier random) {
        this.clock = clock;
        this.nanoTime = nanoTime;
        this.random = random;
    }

    /** Begins a call; it is cancelled when its caller leaves. */
    Call begin(Exchange exchange, Endpoint endpoint, Setup setup) {
        Call call = new Call(newId(), exchange, endpoint, setup, clock.instant(), nanoTime);
        underWay.add(call);
        exchange.onGone(why -> call.cancel());
        return call;
    }

    /** A call that is only thought of: it is under way nowhere. */
    Call imagine(Exchange exchange, Endpoint endpoint, Setup setup) {
        return new Call(newId(), exchange, endpoint, setup, clock.instant(), nanoTime);
    }

    void ended(Call call) {
        underWay.remove(call);
    }

    /** How many calls are under way. */
    int count() {
        return underWay.size();
    }

    /** Whether there is neither a call under way nor a caller being told why its call is not. */
    boolean isQuiet() {
        return underWay.isEmpty() && telling.get() == 0;
    }

    /** A caller is being told why its call is not answered, after that has ended. */
    CompletionStage<Void> tells(CompletionStage<Void> telling) {
        this.telling.incrementAndGet();
        return telling.whenComplete((told, failure) -> this.telling.decrementAndGet());
    }

    /** Ends every call that is still under way, since the gateway is closing. */
    void closeAll() {
        underWay.forEach(Call::close);
    }

    /** An id that no other call of any node has. */
    String newId() {
        return "call_" + hex(random.getAsLong()) + hex(random.getAsLong());
    }

    private static String hex(long bits) {
        String digits = Long.toHexString(bits);
        return "0".repeat(16 - digits.length()) + digits;
    }
}
