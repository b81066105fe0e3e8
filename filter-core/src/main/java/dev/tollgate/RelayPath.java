package dev.tollgate;

import dev.tollgate.provider.Operation;
import dev.tollgate.provider.Provider;
import dev.tollgate.provider.Way;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Where a call that is not translated goes, below a provider's base URL.
 *
 * @param family the first piece: images, audio, moderations, files, batches or responses
 * @param pieces all pieces, the family first
 */
public record RelayPath(String family, List<String> pieces) {
    private static final Pattern ID = Pattern.compile("[A-Za-z0-9_-]{1,200}");
    private static final Pattern PARAMETER = Pattern.compile("[A-Za-z0-9._~%:,+-]*");

    /** What may be asked for in the query; nothing else of it is handed on, and so no caller's key. */
    private static final Set<String> PARAMETERS = Set.of(
            "after",
            "before",
            "limit",
            "order",
            "purpose",
            "include",
            "include[]",
            "include%5B%5D",
            "stream",
            "starting_after",
            "include_obfuscation");

    private static final Set<String> OWNED = Set.of("files", "batches", "responses");

    public RelayPath {
        pieces = List.copyOf(pieces);
    }

    /**
     * Reads it from a path of the gateway's.
     *
     * @throws Refusal when an id in it can be none
     */
    static RelayPath of(Endpoint endpoint, String path) {
        String[] template = endpoint.template().split("/");
        List<String> all = List.of(path.split("/"));
        // A model's name in the path may hold slashes; what is wanted stands after it.
        int size = template.length - familyAt(template);
        List<String> pieces = all.subList(all.size() - size, all.size());
        RelayPath relay = new RelayPath(pieces.get(0), pieces);
        if (!pieces.stream().allMatch(piece -> ID.matcher(piece).matches())) {
            throw relay.unknown();
        }
        return relay;
    }

    private static int familyAt(String[] template) {
        for (int i = template.length - 1; i > 0; i--) {
            if (template[i - 1].equals("v1") || template[i - 1].equals("{model}")) {
                return i;
            }
        }
        throw new IllegalArgumentException("no path that is relayed: " + String.join("/", template));
    }

    /** The id that it names; empty where it names none. */
    public Optional<String> id() {
        return isOwned() && pieces.size() > 1 ? Optional.of(pieces.get(1)) : Optional.empty();
    }

    /** Whether what is there belongs to whoever made it. */
    public boolean isOwned() {
        return OWNED.contains(family);
    }

    /** Whether the gateway must read an answer before the caller does: it tells ids, or lists what is not the caller's. */
    public boolean isReadWhole() {
        return (family.equals("files") && pieces.size() < 3) || family.equals("batches");
    }

    /** Whether it is the list of what there is. */
    public boolean isList(String method) {
        return isOwned() && pieces.size() == 1 && method.equals("GET");
    }

    /** The way to ask a provider for it; empty when it has none. */
    public Optional<Way> way(Provider provider, String model) {
        if (family.equals("responses")) {
            return provider.ways().stream()
                    .filter(way -> way.operation() == Operation.CHAT
                            && way.dialect().equals("openai-responses")
                            && (model.isEmpty() || way.serves(model)))
                    .findFirst();
        }
        return provider.ways().stream()
                .filter(way -> way.operation() == Operation.RELAY && shared(way.path()) > 0)
                .findFirst();
    }

    /** How many of the pieces, from the first on, a way's path ends in. */
    private int shared(String wayPath) {
        List<String> theirs = List.of(bare(wayPath).split("/"));
        for (int size = pieces.size(); size > 0; size--) {
            int from = theirs.size() - size;
            if (from >= 0 && theirs.subList(from, theirs.size()).equals(pieces.subList(0, size))) {
                return size;
            }
        }
        return 0;
    }

    /** The path below the base URL, with what of the caller's query may be handed on. */
    public String below(Way way, String model, String query) {
        String path = way.path(model, false);
        int shared = family.equals("responses") ? 1 : shared(way.path());
        String rest = pieces.stream().skip(shared).map(piece -> "/" + piece).collect(Collectors.joining());
        String asked = handedOn(query);
        String own = path.substring(bare(path).length());
        String joined =
                own.isEmpty() ? (asked.isEmpty() ? "" : "?" + asked) : own + (asked.isEmpty() ? "" : "&" + asked);
        return bare(path) + rest + joined;
    }

    private static String bare(String path) {
        int query = path.indexOf('?');
        return query < 0 ? path : path.substring(0, query);
    }

    private static String handedOn(String query) {
        return Arrays.stream(query.split("&"))
                .filter(RelayPath::isHandedOn)
                .map(pair -> pair.replace("[]", "%5B%5D"))
                .collect(Collectors.joining("&"));
    }

    private static boolean isHandedOn(String pair) {
        int equals = pair.indexOf('=');
        return equals > 0
                && PARAMETERS.contains(pair.substring(0, equals))
                && PARAMETER.matcher(pair.substring(equals + 1)).matches();
    }

    /** What is told of an id that there is not, or not for this caller. */
    Refusal unknown() {
        String what = switch (family) {
            case "files" -> "No such File object";
            case "batches" -> "No such batch";
            default -> "No such response";
        };
        return new Refusal(
                        ErrorCode.CALLER_NOT_FOUND,
                        pieces.size() > 1 ? what + ": " + PlainText.of(pieces.get(1), 80) : what)
                .at("id");
    }
}
