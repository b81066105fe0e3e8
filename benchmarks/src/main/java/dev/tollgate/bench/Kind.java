package dev.tollgate.bench;

import dev.tollgate.bench.load.Request;
import dev.tollgate.bench.upstream.Answers;
import java.util.ArrayList;
import java.util.List;

/**
 * A kind of call: one row of the tables.
 *
 * @param caller the dialect of the caller
 * @param provider the dialect of the provider
 * @param bytes about the size of the request's body
 * @param stream whether the answer is streamed
 */
public record Kind(Chat caller, Chat provider, int bytes, boolean stream) {
    public static final int SMALL = 1000;
    public static final int LARGE = 50_000;

    /** All kinds, each pass-through before the translations that are compared with it. */
    static List<Kind> all() {
        List<Kind> kinds = new ArrayList<>();
        for (Chat caller : Chat.values()) {
            for (int bytes : new int[] {SMALL, LARGE}) {
                addBoth(kinds, caller, bytes, false);
            }
            addBoth(kinds, caller, SMALL, true);
        }
        return List.copyOf(kinds);
    }

    private static void addBoth(List<Kind> kinds, Chat caller, int bytes, boolean stream) {
        Chat other = caller == Chat.OPENAI ? Chat.ANTHROPIC : Chat.OPENAI;
        kinds.add(new Kind(caller, caller, bytes, stream));
        kinds.add(new Kind(caller, other, bytes, stream));
    }

    boolean translated() {
        return caller != provider;
    }

    /** The same call to the same provider by a caller that speaks its dialect: what the provider itself takes its time for. */
    Kind provided() {
        return new Kind(provider, provider, bytes, stream);
    }

    /** The same call to a provider that speaks the caller's dialect. */
    Kind passedThrough() {
        return new Kind(caller, caller, bytes, stream);
    }

    String name() {
        String size = stream ? "streamed" : bytes / 1000 + " KB";
        return (translated() ? caller.label() + " → " + provider.label() : caller.label()) + ", " + size;
    }

    /** Whether a proxy that knows nothing of dialects can carry it. */
    boolean plain() {
        return !translated();
    }

    /** The body of a request. */
    public String body() {
        return Requests.body(caller, provider.model(), bytes, stream);
    }

    /** A request; the same for every contender. */
    Request request() {
        return Requests.request(caller, body(), token());
    }

    /** A request for a stream that says a word each half second. */
    Request heldRequest() {
        return Requests.request(caller, Requests.body(caller, provider.heldModel(), SMALL, true), token());
    }

    /** What comes before it in a stream says nothing yet. */
    private String token() {
        return stream ? Answers.FIRST_WORD : "";
    }

    /** What a whole and right answer has in it. */
    String mark() {
        return stream ? caller.end() : "forwards the call";
    }
}
