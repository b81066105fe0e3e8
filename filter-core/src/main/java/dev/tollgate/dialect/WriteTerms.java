package dev.tollgate.dialect;

import dev.tollgate.provider.Quirks;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** The terms of one translation: what the other side is like, and a list of what could not be carried to it. */
public final class WriteTerms {
    private final Quirks quirks;
    private final String providerFamily;
    private final long defaultMaxTokens;
    private final Set<String> dropped = new LinkedHashSet<>();

    /**
     * @param quirks what is odd about the provider
     * @param providerFamily the provider's row, whose own opaque state may be returned to it
     * @param defaultMaxTokens output tokens to ask for where the dialect needs a number and the caller gave none
     */
    public WriteTerms(Quirks quirks, String providerFamily, long defaultMaxTokens) {
        this.quirks = quirks;
        this.providerFamily = providerFamily;
        this.defaultMaxTokens = defaultMaxTokens;
    }

    public Quirks quirks() {
        return quirks;
    }

    public String providerFamily() {
        return providerFamily;
    }

    public long defaultMaxTokens() {
        return defaultMaxTokens;
    }

    /** Notes a field, by the name its caller knows it by, that could not be carried. */
    public void dropped(String name) {
        dropped.add(name);
    }

    /** What could not be carried so far, in the order it was met, each name once. */
    public List<String> dropped() {
        return List.copyOf(dropped);
    }
}
