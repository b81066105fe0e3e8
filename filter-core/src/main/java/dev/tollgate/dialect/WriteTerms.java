package dev.tollgate.dialect;

import dev.tollgate.chat.Extras;
import dev.tollgate.chat.Opaque;
import dev.tollgate.provider.Quirks;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The terms of one translation: what the other side is like, and a list of what could not be carried to it. */
public final class WriteTerms {
    private static final Pattern INDEX = Pattern.compile("\\[\\d+]");

    private final Quirks quirks;
    private final String providerFamily;
    private final long defaultMaxTokens;
    private final Words words;
    private final Set<String> dropped = new LinkedHashSet<>();

    /**
     * @param quirks what is odd about the provider
     * @param providerFamily the provider's row, or the maker whose models it serves; its own opaque state may be returned
     * @param defaultMaxTokens output tokens to ask for where the dialect needs a number and the caller gave none
     */
    public WriteTerms(Quirks quirks, String providerFamily, long defaultMaxTokens) {
        this(quirks, providerFamily, defaultMaxTokens, Words.PLAIN);
    }

    /** The same for a caller who has its own words for what it asks for. */
    WriteTerms(Quirks quirks, String providerFamily, long defaultMaxTokens, Words words) {
        this.quirks = quirks;
        this.providerFamily = providerFamily;
        this.defaultMaxTokens = defaultMaxTokens;
        this.words = words;
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

    /**
     * Notes a field, by the path its caller knows it by, that could not be carried, or not as it was. Indexes are left out
     * ({@code messages[].content[].cache_control}), so that the list grows with the kinds of loss and not with the
     * conversation.
     */
    public void dropped(String path) {
        dropped.add(path.indexOf('[') < 0 ? path : INDEX.matcher(path).replaceAll("[]"));
    }

    /** Notes something that could not be asked for, or not as the caller did. */
    public void dropped(Asked asked) {
        dropped(words.of(asked));
    }

    /** The same where the caller gave a value. */
    public void dropped(Asked asked, @Nullable Object value) {
        if (value != null) {
            dropped(asked);
        }
    }

    /** The same for what stood in an object of the request. */
    public void dropped(Extras place, Asked asked) {
        dropped(place.path(words.of(asked)));
    }

    /** Notes a field that this provider refuses, by its name in the dialect the provider is spoken to in. */
    public void refused(String field, Words providers) {
        dropped(providers.about(field).map(words::of).orElse(field));
    }

    /** Notes an opaque value that was not given back. */
    public void dropped(Opaque opaque) {
        dropped(opaque.at());
    }

    /**
     * Whether an opaque value is to be given back to the provider, since it may have made it or its maker is the same; noted
     * as dropped where it is not.
     *
     * @param dialect the dialect the provider is spoken to in
     */
    public boolean givesBack(Opaque opaque, String dialect) {
        boolean takes = Makers.takes(opaque, dialect, providerFamily);
        if (!takes) {
            dropped(opaque);
        }
        return takes;
    }

    /** Notes what another dialect left over; a null or an empty list says nothing, so nothing is lost with it. */
    public void dropped(Extras extras) {
        for (Map.Entry<String, JsonNode> field : extras.fields().entrySet()) {
            if (saysSomething(field.getValue()) && !Extras.isLabel(field.getKey())) {
                dropped(extras.path(field.getKey()));
            }
        }
    }

    private static boolean saysSomething(JsonNode value) {
        return !value.isNull() && !(value.isContainer() && value.isEmpty());
    }

    /** Puts back what a dialect left over itself, and notes what another one did. Members already written stay. */
    public void carry(Extras extras, String dialect, ObjectNode into) {
        if (!extras.isFrom(dialect)) {
            dropped(extras);
            return;
        }
        extras.fields().forEach((path, value) -> putBack(into, path, value));
    }

    private static void putBack(ObjectNode into, String path, JsonNode value) {
        int dot = path.indexOf('.');
        if (dot < 0) {
            into.putIfAbsent(path.startsWith(Extras.LABEL) ? path.substring(Extras.LABEL.length()) : path, value);
            return;
        }
        JsonNode inner = into.get(path.substring(0, dot));
        if (inner == null) {
            inner = into.putObject(path.substring(0, dot));
        }
        if (inner instanceof ObjectNode object) {
            putBack(object, path.substring(dot + 1), value);
        }
    }

    /** The same for fields that count something, where a zero says nothing either. */
    public void carryCounts(Extras extras, String dialect, ObjectNode into) {
        if (extras.isFrom(dialect)) {
            carry(extras, dialect, into);
            return;
        }
        extras.fields().forEach((name, value) -> {
            if (saysSomething(value) && !Extras.isLabel(name) && !(value.isNumber() && value.doubleValue() == 0)) {
                dropped(extras.path(name));
            }
        });
    }

    /** What could not be carried so far, in the order it was met, each name once. */
    public List<String> dropped() {
        return List.copyOf(dropped);
    }
}
