package dev.tollgate.dialect;

import dev.tollgate.dialect.anthropic.Anthropic;
import dev.tollgate.dialect.openaichat.OpenAiChat;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The wire formats there are. A new one is a folder beside this file and a line in it. */
public final class Dialects {
    private final Map<String, Dialect> byId = new LinkedHashMap<>();

    /** @param clock what the dialects tell the time by, where an answer has none of its own */
    public Dialects(InstantSource clock) {
        List<Dialect> all = List.of(new OpenAiChat(clock), new Anthropic());
        all.forEach(dialect -> byId.put(dialect.id(), dialect));
    }

    /**
     * The dialect of this id.
     *
     * @throws IllegalArgumentException when there is none
     */
    public Dialect byId(String id) {
        Dialect dialect = byId.get(id);
        if (dialect == null) {
            throw new IllegalArgumentException("no dialect '" + id + "', only " + byId.keySet());
        }
        return dialect;
    }

    /** All ids. */
    public Set<String> ids() {
        return Set.copyOf(byId.keySet());
    }
}
