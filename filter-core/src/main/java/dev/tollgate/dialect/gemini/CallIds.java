package dev.tollgate.dialect.gemini;

import dev.tollgate.dialect.ToolIds;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The ids of the tool calls of one conversation. Gemini before its third generation gives none, so a call without one gets
 * one made from what it says, the same in every turn; a result without one, or with one that no call has, belongs to the
 * first call of its function that has no result yet.
 */
final class CallIds {
    private record Call(String id, String name) {}

    private final Map<String, Integer> times = new HashMap<>();
    private final Map<String, String> names = new HashMap<>();
    private final List<Call> open = new ArrayList<>();
    private final String answer;

    /** Ids for a request, whose calls are the same ones in every turn. */
    CallIds() {
        this("");
    }

    /** @param answer the answer that the calls stand in, which tells them apart from those of other answers */
    CallIds(String answer) {
        this.answer = answer;
    }

    /** The id of the next call. */
    String ofCall(@Nullable String given, String name, String arguments) {
        String made = next(name, arguments);
        String id = given == null || given.isEmpty() ? made : given;
        names.put(id, name);
        open.add(new Call(id, name));
        return id;
    }

    /** The id that the next call gets if it has none. */
    private String next(String name, String arguments) {
        String said = answer + ' ' + name + ' ' + arguments;
        return ToolIds.made(said, 0, times.merge(said, 1, Integer::sum));
    }

    /** The id of the call that a result belongs to; empty when there is no such call. */
    Optional<String> ofResult(@Nullable String given, String name) {
        if (given != null && names.containsKey(given)) {
            open.removeIf(call -> call.id().equals(given));
            return Optional.of(given);
        }
        for (Iterator<Call> calls = open.iterator(); calls.hasNext(); ) {
            Call call = calls.next();
            if (call.name().equals(name)) {
                calls.remove();
                return Optional.of(call.id());
            }
        }
        return Optional.empty();
    }

    /** An id for a result that belongs to no call. */
    String ofNobody(String name) {
        return next(name, "");
    }

    /** Whether the next call's id is the one it would get here, so that its dialect need not say it. Counts the call. */
    boolean isMade(String id, String name, String arguments) {
        String made = next(name, arguments);
        names.put(id, name);
        return made.equals(id);
    }

    /** The function that the call of this id called. */
    Optional<String> nameOf(String id) {
        return Optional.ofNullable(names.get(id));
    }
}
